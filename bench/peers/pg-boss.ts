import { setTimeout as sleep } from 'node:timers/promises';
import { PgBoss } from 'pg-boss';
import type { Place } from '../database.ts';
import { names } from '../names.ts';
import type { Closing, Contestant } from '../harness.ts';

/** Its own default. */
const pollMs = 2_000;

/**
 * pg-boss as it comes: it looks for jobs every two seconds. A sender that waits for each job would always meet the poll at
 * the same point, so jobs are sent at moments spread evenly over one period, each to an idle queue with a worker of its own.
 */
export async function open({ peerUrl }: Place, closing: Closing): Promise<Contestant[]> {
  const boss = new PgBoss(peerUrl);
  boss.on('error', (error) => process.stderr.write(`pg-boss: ${String(error)}\n`));
  await boss.start();
  closing(() => boss.stop({ graceful: false }));
  const operations = 20;
  const lanes = await Promise.all(Array.from({ length: operations }, (_, lane) => openLane(boss, `lane-${lane}`)));
  const block = () =>
    Promise.all(
      lanes.map(async (lane, n) => {
        await sleep((n / operations) * pollMs);
        return lane();
      }),
    );
  return [{ name: names.pgBoss, operations, block }];
}

/** A queue and its worker. What it returns sends one job and resolves with the milliseconds until its handler runs. */
async function openLane(boss: PgBoss, name: string): Promise<() => Promise<number>> {
  let running = () => {};
  await boss.createQueue(name);
  await boss.work(name, async () => running());
  return async () => {
    const started = new Promise<void>((resolve) => (running = resolve));
    const sent = performance.now();
    await boss.send(name, {});
    await started;
    return performance.now() - sent;
  };
}
