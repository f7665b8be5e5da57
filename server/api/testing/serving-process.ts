import { openDatabase } from '../../db/connect.ts';
import { openListener } from '../../db/listen.ts';
import { serve } from './serve.ts';
import { testWeb } from './test-web.ts';

// The web process's API, as a process that can be killed: <database> <port, 0 for any>. Says its port when it is there.

const [, , appUrl = '', port = '0'] = process.argv;
const database = openDatabase({ appUrl, max: 8 });
const listener = openListener(appUrl);
await listener.ready;
const { url } = await serve((publicUrl) => testWeb({ database, listener, publicUrl }), Number(port));
process.once('disconnect', () => process.exit(1));
process.send?.({ port: Number(new URL(url).port) });
