import { AppError } from '../../domain/errors.ts';
import type { RunEventPayload } from '../../domain/events/run-events.ts';
import { stageInput } from '../../domain/pipeline/stage-input.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { readRunLog } from '../runs/read-run-log.ts';
import { cutDiff } from './cut-diff.ts';
import type { ViewQuery } from './view-query.ts';

type Tree = RunEventPayload<'workspace.snapshotted'>;

/** What one turn of a run changed in its work tree. Throws `not_found`, also where the tree is not kept any more. */
export async function getTurnDiff(
  { db, orgId, codeHost }: ViewQuery & { codeHost: Pick<CodeHost, 'diff'> },
  { runId, turn }: { runId: string; turn: number },
): Promise<{ diff: string; cut: boolean; leftOut: string[] }> {
  const run = await db.run.findUnique({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { include: { pipelineRun: { include: { task: { select: { repoId: true } } } } } } },
  });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const { inherited, own } = await readRunLog(db, { orgId, runId });
  const trees = [...inherited, ...own].flatMap(({ kind, payload }): Tree[] =>
    kind === 'workspace.snapshotted' ? [payload as Tree] : [],
  );
  const at = trees.findIndex((tree) => tree.turn === turn);
  const tree = trees[at];
  if (tree === undefined) throw new AppError('not_found', 'The work tree of this turn was not kept.');
  const { leftOut, commit: head } = tree;
  const base = trees[at - 1]?.commit ?? stageInput.parse(run.stageAttempt.input).start;
  if (base === head) return { diff: '', cut: false, leftOut };
  const mirror = run.stageAttempt.pipelineRun.task.repoId;
  const diff = await codeHost.diff({ mirror, base, head }).catch(() => {
    throw new AppError(
      'not_found',
      'The work tree of this turn is gone: it is kept until 14 days after the task ends.',
    );
  });
  return { ...cutDiff(diff), leftOut };
}
