import { beforeAll, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { clearSnapshots } from './clear-snapshots.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1_000);

/** A run, in an org of its own, whose pipeline run ended then; null: it is open. */
async function runOf(endedAt: Date | null): Promise<string> {
  const { org, runId, pipelineRunId } = await makeRunWithAll(database);
  const data = endedAt === null ? {} : { endedAt, status: 'failed' as const };
  await org.db.pipelineRun.updateMany({ where: { orgId: org.orgId, id: pipelineRunId }, data });
  return runId;
}

it('lets go of snapshots 14 days after the pipeline run, of all orgs, and never while it is open', async () => {
  const open = await runOf(null);
  const fresh = await runOf(daysAgo(13.9));
  const old = await runOf(daysAgo(14.1));
  const dropped: unknown[] = [];
  const codeHost = {
    snapshotRuns: async () => [
      { mirror: 'rep_1', runs: [open, old, fresh] },
      { mirror: 'rep_2', runs: [fresh] },
    ],
    dropSnapshots: async (request: unknown) => void dropped.push(request),
  };
  expect(await clearSnapshots({ database, codeHost, now })).toEqual({ runs: 1 });
  expect(dropped).toEqual([{ mirror: 'rep_1', runs: [old] }]);
});
