import type { Database } from '../../db/connect.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';

/** How long the work trees of a run's turns outlive its pipeline run. */
const keptMs = 14 * 24 * 60 * 60 * 1_000;

type Clearing = {
  database: Pick<Database, 'endedRuns'>;
  codeHost: Pick<CodeHost, 'snapshotRuns' | 'dropSnapshots'>;
  /** The database's time. */
  now: Date;
};

/** Lets go of the snapshots of runs that nobody can go back to any more. */
export async function clearSnapshots({ database, codeHost, now }: Clearing): Promise<{ runs: number }> {
  const before = new Date(now.getTime() - keptMs);
  let cleared = 0;
  for (const { mirror, runs: runIds } of await codeHost.snapshotRuns()) {
    const runs = await database.endedRuns(runIds, before);
    if (runs.length > 0) await codeHost.dropSnapshots({ mirror, runs });
    cleared += runs.length;
  }
  return { runs: cleared };
}
