import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { keys, until } from './rig.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The engine as the process it is in an installation. */
export async function childEngine(
  databaseUrl: string,
  { port, env = {} }: { port?: number; env?: Record<string, string> } = {},
) {
  const own = port ?? (await getPort({ host: '127.0.0.1' }));
  const child = spawn(process.execPath, [main], {
    env: {
      NODE_ENV: 'test',
      FLEET_ENGINE_DATABASE_URL: databaseUrl,
      FLEET_ENGINE_PORT: String(own),
      INNGEST_EVENT_KEY: keys.eventKey,
      INNGEST_SIGNING_KEY: keys.signingKey,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const url = `http://127.0.0.1:${own}`;
  const healthy = () =>
    fetch(`${url}/health`).then(
      (response) => response.ok,
      () => child.exitCode !== null || child.signalCode !== null,
    );
  return {
    url,
    port: own,
    child,
    exited,
    output: () => output,
    ready: () => until(healthy, 'the engine to answer'),
    /** As the kernel or a power cut would. */
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
