import { openDatabase } from '../../server/db/connect.ts';
import { openListener } from '../../server/db/listen.ts';
import { serve } from '../../server/api/testing/serve.ts';
import { testWeb } from '../../server/api/testing/test-web.ts';
import { answering, used } from './child.ts';

// The web process's API with the live view, as a process of its own. Says where it is, then what it has used.

const appUrl = process.argv[2] ?? '';
const database = openDatabase({ appUrl, max: 8 });
const listener = openListener(appUrl);
await listener.ready;
const { url, web } = await serve((publicUrl) => testWeb({ database, listener, publicUrl }));
web.report = (error, where) => void process.stderr.write(`${where}: ${String(error)}\n`);
process.send?.({ url });
answering(used);
