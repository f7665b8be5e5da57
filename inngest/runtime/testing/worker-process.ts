import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import getPort from 'get-port';
import { onTestFinished } from 'vitest';
import { processEnvironment } from '../../../server/config/config.ts';
import { keys } from '../../local/testing/rig.ts';
import { waitFor } from './wait-for.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

const masterKey = 'ab'.repeat(32);

/** The worker as the process it is in an installation. */
export async function workerProcess(
  { appUrl, engineAt, dataDir }: { appUrl: string; engineAt: string; dataDir: string },
  over: Record<string, string> = {},
) {
  const port = await getPort({ host: '127.0.0.1' });
  const env = {
    NODE_ENV: 'test',
    PATH: processEnvironment().PATH,
    FLEET_DATA_DIR: dataDir,
    FLEET_APP_DATABASE_URL: appUrl,
    FLEET_MASTER_KEY: masterKey,
    FLEET_WORKER_PORT: String(port),
    INNGEST_BASE_URL: engineAt,
    INNGEST_EVENT_KEY: keys.eventKey,
    INNGEST_SIGNING_KEY: keys.signingKey,
    ...over,
  } as NodeJS.ProcessEnv;
  const child = fork(main, { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const says = (words: string) =>
    waitFor(
      async () => output.includes(words),
      async () => `the worker to say ${words}: ${output}`,
    );
  return { child, exited, output: () => output, says, url: `http://127.0.0.1:${port}` };
}
