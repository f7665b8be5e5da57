import type { HeldPaths } from '../domain/scope/claims.ts';
import type { OrgDb, OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

export type HeldQuery = { orgId: string; repoId: string; pipelineRunId: string; now: Date };

/**
 * What other pipeline runs hold of a repository now; what has ended holds nothing. A `mark` changes with what it marks.
 * `decision_stands`, in the migrations, compares the same marks.
 */
export async function readHeldPaths(db: OrgDb | OrgTx, query: HeldQuery): Promise<(HeldPaths & { mark: string })[]> {
  const { orgId, repoId, pipelineRunId, now } = query;
  const rows = await rawOf(db).query<{ subject: string; until: Date; number: number; mark: string }>({
    name: 'held_paths',
    text: `select c.subject, c.until, t.number, c.id || ' ' || extract(epoch from c.until) as mark from claim c
      join pipeline_run p on p.org_id = c.org_id and p.id = c.pipeline_run_id and p.ended_at is null
      join task t on t.org_id = p.org_id and t.id = p.task_id and t.repo_id = $2
      where c.org_id = $1 and c.kind = 'paths' and c.released_at is null and c.until > $4 and c.pipeline_run_id <> $3
      order by c.id`,
    values: [orgId, repoId, pipelineRunId, now],
  });
  return rows.map(({ subject, until, number, mark }) => ({
    globs: [subject],
    by: `task ${number}`,
    until: until.toISOString(),
    mark,
  }));
}
