import { readFileSync } from 'node:fs';

const seed = JSON.parse(readFileSync(new URL('../../db/seed.json', import.meta.url), 'utf8'));
const newestFirst = seed.toSorted((a, b) => b.joined.localeCompare(a.joined) || b.id.localeCompare(a.id));

/** Every member, newest first. */
export function listUsers() {
  return newestFirst;
}

/** One member, or undefined. */
export function findUser(id) {
  return newestFirst.find((user) => user.id === id);
}
