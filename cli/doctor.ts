import { join } from 'node:path';
import { findRunning, type Running } from '../server/boot/claim-data-folder.ts';
import { readInstallation } from '../server/boot/installation.ts';
import { prepareFolder } from '../server/boot/postgres-folder.ts';
import { preflight } from '../server/boot/preflight.ts';
import { thisMachine } from '../server/boot/this-machine.ts';
import type { Config } from '../server/config/config.ts';
import { limitWords } from '../server/domain/engines/limit-words.ts';
import { probeSandbox } from './probe-sandbox.ts';

/** Says how the installation or, when none runs, the machine is. Installs and changes nothing. Returns the exit code. */
export async function doctor(config: Config, print: (line: string) => void): Promise<number> {
  const running = findRunning(config.dataDir);
  if (running !== null) return reportRunning({ ...running, dataDir: config.dataDir }, print);
  await preflight({
    config,
    say: print,
    // Not root: what is missing is named with the line that installs it, not installed.
    machine: { ...thisMachine(), isRoot: false },
    probeSandbox: () => probeSandbox(config.dataDir),
    openDataFolder: async () => {
      prepareFolder(config.dataDir);
      readInstallation(config.dataDir);
    },
  });
  print('Fleet does not run. It can: npm start');
  return 0;
}

type Report = Running & { dataDir: string };

async function reportRunning({ pid, url, children, dataDir }: Report, print: (line: string) => void): Promise<number> {
  const logs = join(dataDir, 'logs');
  print(`✓ Fleet runs as process ${pid}: ${url}`);
  for (const { name, alive } of children) {
    print(
      alive ? `✓ ${name} runs` : `✗ ${name} does not run; it is started again by itself. Its log: ${logs}/${name}.log`,
    );
  }
  const web = await askWeb(url);
  print(web.well ? '✓ it answers and is well' : `✗ it ${web.why}`);
  const sandbox = await probeSandbox(dataDir);
  print(`${sandbox.ok ? '✓' : '✗'} sandbox: ${sandbox.detail}`);
  if (sandbox.ok) print(`    ${limitWords(sandbox.limits)}`);
  return web.well && sandbox.ok && children.every(({ alive }) => alive) ? 0 : 1;
}

async function askWeb(url: string): Promise<{ well: true } | { well: false; why: string }> {
  try {
    const { status } = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(10_000) });
    return status === 200 ? { well: true } : { well: false, why: `answers ${status}: look at its logs` };
  } catch (error) {
    return { well: false, why: `does not answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}
