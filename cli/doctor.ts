import { findRunning } from '../server/boot/claim-data-folder.ts';
import { readInstallation } from '../server/boot/installation.ts';
import { prepareFolder } from '../server/boot/postgres-folder.ts';
import { preflight } from '../server/boot/preflight.ts';
import { thisMachine } from '../server/boot/this-machine.ts';
import type { Config } from '../server/config/config.ts';
import { probeSandbox } from './probe-sandbox.ts';

/** Says how the installation or, when none runs, the machine is. Installs and changes nothing. Returns the exit code. */
export async function doctor(config: Config, print: (line: string) => void): Promise<number> {
  const running = findRunning(config.dataDir);
  if (running !== null) return reportRunning(running, print);
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

async function reportRunning(running: { pid: number; url: string }, print: (line: string) => void): Promise<number> {
  print(`✓ Fleet runs as process ${running.pid}: ${running.url}`);
  try {
    const { status } = await fetch(`${running.url}/api/health`, { signal: AbortSignal.timeout(10_000) });
    print(status === 200 ? '✓ it answers and is well' : `✗ it answers ${status}: look at its logs`);
    return status === 200 ? 0 : 1;
  } catch (error) {
    print(`✗ it does not answer: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}
