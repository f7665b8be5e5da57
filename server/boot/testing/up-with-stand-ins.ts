// A supervisor as `fleet up` is one, whose children are stand-ins: what it does when it is killed can only be seen from
// another process. Prints its progress, then one line of JSON with what runs; ends on SIGTERM.
import getPort from 'get-port';
import { processEnvironment } from '../../config/config.ts';
import type { ChildSpec } from '../children.ts';
import { startInstallation } from '../start-installation.ts';
import { thisMachine } from '../this-machine.ts';

const [dataDir = '', journal = '', manners = '{}'] = process.argv.slice(2);
const manner = JSON.parse(manners) as Record<string, string>;
const stopping = new AbortController();
process.once('SIGTERM', () => stopping.abort(new Error('stopped before it was up')));

const standIn = async (name: string): Promise<ChildSpec> => {
  const port = await getPort({ host: '127.0.0.1' });
  return {
    name,
    args: ['server/boot/testing/stand-in.ts', name, String(port), journal, manner[name] ?? 'obedient'],
    cwd: process.cwd(),
    env: { PATH: processEnvironment().PATH ?? '' },
    readyUrl: `http://127.0.0.1:${port}/`,
    readyMs: 20_000,
    stopMs: 1_000,
  };
};
const children = await Promise.all(['engine', 'worker', 'web'].map(standIn));
const running = await startInstallation({
  env: processEnvironment(),
  dataDir,
  freePorts: true,
  signal: stopping.signal,
  onProgress: (line) => void process.stdout.write(`${line}\n`),
  probeSandbox: async () => ({
    ok: true,
    detail: 'not needed here',
    limits: {
      processes: 'cgroup',
      fileBytes: 'rlimit',
      memoryBytes: 'cgroup',
      diskBytes: 'watchdog',
      cpus: 'cgroup',
    },
  }),
  createOwnerLink: async () => 'no link',
  children: () => children,
  machine: thisMachine(),
});
const urls = Object.fromEntries(children.map(({ name, readyUrl }) => [name, readyUrl]));
process.stdout.write(`${JSON.stringify({ pids: running.pids(), urls, url: running.url })}\n`);
const stop = () => void running.stop().then(() => process.exit(0));
if (stopping.signal.aborted) stop();
else stopping.signal.addEventListener('abort', stop);
