import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { StageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import type { CheckFile } from '../checks/read-check-file.ts';
import { endAttempt } from '../pipeline/end-attempt.ts';
import type { HeldAttempt } from '../pipeline/hold-attempt.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { remoteOf } from '../repos/remote-of.ts';

/** What a try at merging came to. `previous` is where the default branch stood before. */
export type MergeEnd =
  | { result: 'merged'; commit: string; previous: string }
  | { result: 'conflict'; detail: string; paths: string[]; target: string }
  | { result: 'tests_failed'; detail: string; failing: string[]; target: string }
  | { result: 'stale' | 'refused' | 'broken'; detail: string; target?: string };

/** Records the end of a merge attempt; of a merged change the task branch is deleted first, which may fail for good. */
export async function endMerge(
  context: HostContext,
  held: HeldAttempt,
  end: MergeEnd & { file: CheckFile },
): Promise<void> {
  const { database, orgId, clock } = context;
  const { file } = end;
  const branchKept = end.result === 'merged' ? await deleteTaskBranch(context, file) : null;
  const now = clock.now();
  await database.transaction(orgId, async (tx) => {
    const { id: changeId, head, target } = file.change;
    if (end.result === 'merged') {
      await tx.change.updateMany({
        where: { orgId, id: changeId, status: 'open' },
        data: { status: 'merged', merged: end.commit, updatedAt: now },
      });
      await tx.outbound.updateMany({
        where: { orgId, intentKey: `merge:${changeId}:${head}` },
        data: { state: 'done' },
      });
    }
    await endAttempt(tx, {
      orgId,
      now,
      attemptId: held.attemptId,
      leaseOwner: held.leaseOwner,
      outcome: outcomeOf(end, { target, branchKept }),
      events: [eventOf(end, { changeId, head: head ?? '', target })],
    });
  });
}

/** Null when it is gone, else why it is still there. */
async function deleteTaskBranch({ codeHost }: HostContext, { repo, change }: CheckFile): Promise<string | null> {
  try {
    const { branch, head: expected } = change;
    if (expected === null) return null;
    const deleted = await codeHost.deleteBranch({ mirror: repo.id, ...remoteOf(repo), branch, expected });
    return deleted.kind === 'moved' ? 'somebody pushed to it, and those commits are not in this change.' : null;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
}

function outcomeOf(end: MergeEnd, { target, branchKept }: { target: string; branchKept: string | null }): StageOutcome {
  const none = { commit: null, paths: [], failing: [], target: null };
  if (end.result !== 'merged') return { kind: 'merge', ...none, ...withoutFile(end) };
  const kept = branchKept ? ` The task branch could not be deleted: ${branchKept}` : '';
  return { kind: 'merge', ...none, result: 'merged', detail: `Merged into ${target}.${kept}`, commit: end.commit };
}

function withoutFile(end: Exclude<MergeEnd, { result: 'merged' }>) {
  const { result, detail, target = null } = end;
  return {
    result,
    detail,
    target,
    ...('paths' in end ? { paths: end.paths } : {}),
    ...('failing' in end ? { failing: end.failing } : {}),
  };
}

function eventOf(end: MergeEnd, of: { changeId: string; head: string; target: string }): OrgEvent {
  if (end.result === 'merged') {
    const { previous, commit } = end;
    return { kind: 'change.merged', payload: { ...of, previous, merged: commit } };
  }
  const { result, detail } = end;
  return { kind: 'change.merge-refused', payload: { changeId: of.changeId, reason: result, detail } };
}
