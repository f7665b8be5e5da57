import { pino } from 'pino';
import { processConfig } from '../../server/config/config.ts';
import { AppError } from '../../server/domain/errors.ts';
import { leaseMs } from '../../server/domain/runs/lease.ts';
import { sweepStale } from '../../server/services/sweep/sweep-stale.ts';
import { clearUp } from './clear-up.ts';
import { openWorker, type OpenedWorker } from './composition.ts';
import { serveWorker, type Served } from './serve-worker.ts';

// The worker's process: serves the functions, owns its sandboxes. Private to the machine, whatever the installation is.
const log = pino({ name: 'worker' });
const draining = new AbortController();
/** The longest a stop may take: a slice gives back at once, a git push may still be in the air. */
const stopMs = 20_000;
const registerEveryMs = 500;

let opened: OpenedWorker | null = null;
let served: Served | null = null;
let stopping = false;

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  log.info('stopping');
  setTimeout(() => process.exit(1), stopMs).unref();
  draining.abort(new AppError('unavailable', 'The worker is being stopped.'));
  await served?.close();
  await opened?.worker.rooms.settled();
  await opened?.close();
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.once('disconnect', () => void stop());

/** What an earlier worker left: at once what is free, and once more when its leases have run out. */
async function sweepTwice({ worker }: OpenedWorker): Promise<void> {
  const { database, bus, clock, report } = worker;
  for (const pause of [0, leaseMs + 1_000]) {
    await clock.sleep(pause, draining.signal);
    try {
      const swept = await sweepStale({ database, bus, now: await database.time(), report });
      if (swept.sent + swept.expired > 0) log.info(swept, 'taken up again');
    } catch (error) {
      report(error, 'sweep at start');
    }
  }
}

/** Beside the first work: a killed worker may have left whole trees, and nobody waits for those to go. */
async function clearFirst({ worker }: OpenedWorker): Promise<void> {
  const cleared = await clearUp(worker);
  if (Object.values(cleared).some((count) => count > 0)) log.info(cleared, 'cleared up what an earlier worker left');
}

async function register(own: Served, { worker }: OpenedWorker): Promise<void> {
  while (!draining.signal.aborted) {
    if (await own.register()) return;
    await worker.clock.sleep(registerEveryMs, draining.signal);
  }
}

try {
  opened = await openWorker(processConfig(), { draining: draining.signal, log });
  void clearFirst(opened);
  served = await serveWorker(opened.client, opened.worker, opened.port);
  log.info({ port: served.port, worker: opened.worker.id }, 'listening');
  await register(served, opened);
  log.info('registered');
  await sweepTwice(opened);
} catch (error) {
  if (!draining.signal.aborted) {
    log.fatal({ error: error instanceof AppError ? error.message : String(error) }, 'the worker did not start');
    process.exit(1);
  }
}
