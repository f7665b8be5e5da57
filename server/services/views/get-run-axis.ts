import { readAxis, readSpan, type AxisRow } from '../../db/read-axis.ts';
import { AppError } from '../../domain/errors.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import type { CodeHost, DiffStat } from '../../domain/ports/code-host.ts';
import type { AxisBucket, RunAxisView } from '../../domain/views/timeline-views.ts';
import type { ViewQuery } from './view-query.ts';

type Asked = { runId: string; from: Date | null; to: Date | null; buckets: number };
type Repo = { mirror: string; input: unknown };

/** A run on one axis of time: what each stretch of it holds, however long its log is. Throws AppError `not_found`. */
export async function getRunAxis(
  { db, orgId, codeHost, now }: ViewQuery & { codeHost: Pick<CodeHost, 'diffStats'> },
  { runId, from, to, buckets }: Asked,
): Promise<RunAxisView> {
  const run = await db.run.findUnique({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { include: { pipelineRun: { include: { task: { select: { repoId: true } } } } } } },
  });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const span = (await readSpan(db, { runId })) ?? { first: now, last: now, headSeq: 0 };
  const start = from ?? span.first;
  // A span has a length, also where all of it happened in one moment.
  const end = new Date(Math.max((to ?? span.last).getTime(), start.getTime() + buckets));
  const rows = span.headSeq === 0 ? [] : await readAxis(db, { runId, from: start, to: end, buckets });
  const { stageAttempt } = run;
  const repo = { mirror: stageAttempt.pipelineRun.task.repoId, input: stageAttempt.input };
  return {
    from: start.toISOString(),
    to: end.toISOString(),
    buckets,
    filled: running(rows, await sizesOf(codeHost, repo, rows)),
    first: span.first.toISOString(),
    last: span.last.toISOString(),
    headSeq: span.headSeq,
  };
}

/** The sizes of the trees; none where the mirror or the trees are gone, which is no reason to show no axis. */
async function sizesOf(
  codeHost: Pick<CodeHost, 'diffStats'>,
  { mirror, input }: Repo,
  rows: AxisRow[],
): Promise<Map<string, DiffStat | null>> {
  const heads = rows.flatMap(({ tree }) => (tree === null ? [] : [tree]));
  if (heads.length === 0) return new Map();
  const base = stageInput.parse(input).start;
  const sizes = await codeHost.diffStats({ mirror, base, heads }).catch(() => []);
  return new Map(heads.map((head, at) => [head, sizes[at] ?? null]));
}

/** What was spent and which turn had begun add up from the run's beginning, which the row before the span stands for. */
function running(rows: AxisRow[], sizes: Map<string, DiffStat | null>): AxisBucket[] {
  let costMicros = 0;
  let turn: number | null = null;
  const filled: AxisBucket[] = [];
  for (const { index, firstSeq, lastSeq, messages, tools, failed, tree, ...row } of rows) {
    costMicros += row.spentMicros;
    turn = row.turn ?? turn;
    if (index < 0) continue;
    const size = tree === null ? null : (sizes.get(tree) ?? null);
    filled.push({ index, firstSeq, lastSeq, turn, messages, tools, failed, costMicros, size });
  }
  return filled;
}
