// node scripts/probe.js '/users?page=2'  prints the status, how many items came and the first id
import { answer } from '../src/http/app.js';

const target = process.argv[2] ?? '/users';
const { status, body } = answer('GET', target);
const items = Array.isArray(body) ? `${body.length} items, first ${body[0]?.id ?? 'none'}` : (body.error ?? body.id);
console.log(`GET ${target} -> ${status}, ${items}`);
