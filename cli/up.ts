import path from 'node:path';
import { AppError } from '../server/domain/errors.ts';
import type { RunningInstallation } from '../server/boot/start-installation.ts';
import { hasOperator } from './owner-link.ts';
import { startFleet } from './start-fleet.ts';

type Print = (line: string) => void;

/** A terminal and npm may both deliver one Ctrl-C: what follows this soon is the same one. */
const sameSignalMs = 1_000;

/** Starts Fleet and stays until it is told to stop. Returns the exit code. */
export async function up(print: Print): Promise<number> {
  const stopping = new AbortController();
  const at: { running: RunningInstallation | null } = { running: null };
  onStopSignals({
    first() {
      print('\nStopping … (Ctrl-C once more ends everything at once)');
      stopping.abort(new AppError('unavailable', 'Stopped before it was up.'));
    },
    again() {
      at.running?.kill();
      process.exit(130);
    },
  });
  const running = await startFleet({ onProgress: print, signal: stopping.signal });
  at.running = running;
  print(await banner(running));
  await aborted(stopping.signal);
  await running.stop();
  print('Stopped. Everything is kept; npm start goes on where it was.');
  return 0;
}

function onStopSignals(act: { first: () => void; again: () => void }): void {
  let since: number | null = null;
  const take = () => {
    const now = performance.now();
    if (since === null) {
      since = now;
      act.first();
    } else if (now - since > sameSignalMs) {
      act.again();
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, take);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function banner(running: RunningInstallation): Promise<string> {
  const { config, url, dataDir } = running;
  const known = await hasOperator(running.appUrl);
  const signIn = known
    ? ['Sign in', 'with your e-mail address, or a new one-time link from: npx fleet owner-link']
    : ['Sign in', `${await running.ownerLink()}\n            (the owner's link: works once, within 24 hours)`];
  const model =
    config.anthropicApiKey === null
      ? 'scripted model: plays the sample task only. For real work set ANTHROPIC_API_KEY,\n            or save a key in the settings of your organization'
      : 'Claude, with the key from ANTHROPIC_API_KEY';
  const rows = [
    ['Open', url],
    signIn,
    ['Data', `${dataDir} (logs in ${path.join(dataDir, 'logs')})`],
    ['Model', model],
    ['Stop', 'Ctrl-C'],
  ];
  const line = '─'.repeat(72);
  const text = rows.map(([name = '', value = '']) => `  ${name.padEnd(10)}${value}`).join('\n');
  return `\n${line}\n  Fleet runs.\n\n${text}\n${line}`;
}
