import { renameSync } from 'node:fs';
import { join } from 'node:path';

// What a job of an agent can do while the host looks at its tree: lets `d` be a folder and a link by turns.
const [tree = ''] = process.argv.slice(2);
const at = (name: string) => join(tree, name);
process.once('disconnect', () => process.exit());
process.send?.('swapping');

for (;;) {
  renameSync(at('d'), at('folder'));
  renameSync(at('away'), at('d'));
  renameSync(at('d'), at('away'));
  renameSync(at('folder'), at('d'));
  // Between two turns, so that the end of the parent is heard.
  await new Promise(setImmediate);
}
