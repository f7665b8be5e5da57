import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFleet } from '../start-fleet.ts';
import { AppError } from '../../server/domain/errors.ts';
import { engineForDemo } from './engine-for-demo.ts';
import { mountsOf, processesOf } from './leftovers.ts';
import { play, type Story, type Told } from './play.ts';
import { faultsOf, type DemoReport } from './report.ts';

/** `seed` makes story *crash* kill at three moments drawn from it instead of the three it names. */
export type DemoOptions = {
  story: Story;
  seed: number | null;
  /** Where sandboxes are made, see `engineForDemo`. */
  sandbox: string;
  json: boolean;
  keep: boolean;
};

/** Aborted by the first signal that asks this process to stop; further ones change nothing, so that it stops cleanly. */
function onInterrupt(): AbortSignal {
  const stopping = new AbortController();
  const stop = () => stopping.abort(new AppError('unavailable', 'The demo was interrupted.'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return stopping.signal;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

type Played = { report: DemoReport; diff: string; faults: string[] };

function tell({ report, diff, faults }: Played, { say }: Told): void {
  const { merged, cleanCheckout, chain, timings, model } = report;
  const { tests, failed } = cleanCheckout;
  say(`\n${diff}\n`);
  say(`merged ${merged ?? 'nothing'} · clean checkout: ${tests} tests, ${failed} failed`);
  const verified = chain.verified ? 'verified' : 'NOT VERIFIED';
  say(`audit chain: ${chain.events} events in ${chain.streams} streams ${verified} · head ${chain.head}`);
  say(`start ${timings.startMs} ms · task ${timings.taskMs} ms · all ${timings.totalMs} ms · model: ${model}`);
  const { landing } = report;
  if (landing) {
    const { toldAtMs, limitMs, stoppedAtMs, given, asked } = landing;
    say(
      `told to land at ${toldAtMs} ms · ${given} of ${asked} s given · stopped at ${stoppedAtMs} ms of ${limitMs} ms`,
    );
  }
  for (const fault of faults) say(`✗ ${fault}`);
}

/** Runs the sample task on a throw-away installation. Returns the exit code: 0 only if it is merged, tested and verified. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const say = (line: string) => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const told: Told = { say, interrupted: onInterrupt() };
  const dataDir = await mkdtemp(join(tmpdir(), 'fleet-demo-'));
  try {
    const played = await playAndStop(dataDir, options, told);
    await clear(dataDir, { keep: options.keep, failed: played.faults.length > 0, say });
    return played.faults.length === 0 ? 0 : 1;
  } catch (error) {
    await clear(dataDir, { keep: false, failed: !told.interrupted.aborted, say });
    told.interrupted.throwIfAborted();
    if (options.json) process.stdout.write(`${JSON.stringify({ error: messageOf(error) })}\n`);
    throw error instanceof AppError ? error : new AppError('unavailable', `The demo broke off: ${messageOf(error)}`);
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

async function playAndStop(dataDir: string, options: DemoOptions, told: Told): Promise<Played> {
  const { say, interrupted } = told;
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  await engineForDemo(dataDir, options.sandbox, say);
  const installation = await startFleet({ dataDir, freePorts: true, onProgress: say, signal: interrupted });
  try {
    const startMs = since();
    const { diff, facts, taskMs, killed, kills } = await play(installation, options, told);
    if (!options.keep) {
      await installation.stop();
      const [processes, mounts] = await Promise.all([processesOf(dataDir), mountsOf(dataDir)]);
      Object.assign(facts.leftovers, { processes: processes.length, mounts: mounts.length });
    }
    const report: DemoReport = { ...facts, killed, timings: { startMs, taskMs, totalMs: since() } };
    const played: Played = { report, diff, faults: faultsOf(report, { kills, story: options.story }) };
    tell(played, told);
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
    if (options.keep) {
      const { url } = installation;
      say(`\nStill running at ${url}\nSign in: ${await installation.ownerLink()}\nData: ${dataDir}. Ctrl-C stops it.`);
      await untilAborted(interrupted);
    }
    return played;
  } finally {
    await installation.stop();
  }
}

type Clearing = { keep: boolean; failed: boolean; say: (line: string) => void };

async function clear(dataDir: string, { keep, failed, say }: Clearing): Promise<void> {
  if (keep) return;
  if (failed) say(`Kept to be looked at: ${dataDir} (logs in ${join(dataDir, 'logs')})`);
  else await rm(dataDir, { recursive: true, force: true });
}
