// A child of the installation without the installation: answers HTTP on a port, keeps a journal of its life, and is as
// unwilling to stop as it is told to be.
import fs from 'node:fs';
import http from 'node:http';

const [name = '', port = '', journal = '', manner = 'obedient'] = process.argv.slice(2);
const note = (what: string) => fs.appendFileSync(journal, `${name} ${what}\n`);

if (manner === 'broken') {
  process.stderr.write('the stand-in broke on purpose\n');
  process.exit(3);
}
const server = http.createServer((_, response) => {
  if (manner !== 'silent') response.end(name);
});
server.listen(Number(port), '127.0.0.1', () => note('started'));
process.on('SIGTERM', () => {
  note('asked to stop');
  if (manner !== 'stubborn') server.close(() => process.exit(0));
  server.closeAllConnections();
});
