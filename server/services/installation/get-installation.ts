import type { Database } from '../../db/connect.ts';
import { ratesPerMinute } from '../../domain/authz/rate-limits.ts';
import { AppError } from '../../domain/errors.ts';
import type { EnginesView, InstallationView } from '../../domain/views/installation-view.ts';

type Deps = {
  database: Pick<Database, 'system' | 'time' | 'counts' | 'pendingDeletions'>;
  operator: boolean;
  engines: () => Promise<EnginesView>;
  settings: Pick<InstallationView, 'publicUrl' | 'mail' | 'environmentModelKey' | 'signUp' | 'deletionGraceDays'>;
  /** Milliseconds of a clock that only goes forward. */
  monotonic: () => number;
};

/** How the installation stands, for its operator. To everyone else there is no such page. */
export async function getInstallation(deps: Deps): Promise<InstallationView> {
  const { database, operator, engines, settings, monotonic } = deps;
  if (!operator) throw new AppError('not_found', 'There is no such page.');
  const began = monotonic();
  await database.time();
  const answersInMs = Math.max(1, Math.round(monotonic() - began));
  const keys = await database.system.masterKey.findMany({ orderBy: { createdAt: 'desc' } });
  return {
    ...settings,
    database: { answersInMs },
    masterKeys: keys.map(({ id }) => id),
    places: await engines(),
    counts: await database.counts(),
    deletions: (await database.pendingDeletions()).map(({ orgId: org, requestedAt, dueAt, held }) => ({
      org,
      requestedAt: requestedAt.toISOString(),
      dueAt: dueAt.toISOString(),
      held,
    })),
    limits: { callsPerMinute: { ...ratesPerMinute } },
  };
}
