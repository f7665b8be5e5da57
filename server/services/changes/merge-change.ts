import { readSetup } from '../../domain/setup/repo-setup.ts';
import { testCommands } from '../../domain/setup/test-plan.ts';
import { readCheckFile, type CheckFile } from '../checks/read-check-file.ts';
import { confirmTests } from '../checks/confirm-tests.ts';
import { holdAttempt, stillHeld, type HeldAttempt } from '../pipeline/hold-attempt.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { computeMerge } from './compute-merge.ts';
import { endMerge, type MergeEnd } from './end-merge.ts';
import { openMergeIntent, rememberMerge } from './merge-intent.ts';
import { readGate, type Gate } from './read-gate.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';
import { noticeInPassing } from '../proposals/notice-fleet-files.ts';
import { remoteOf } from '../repos/remote-of.ts';

/** How often a merge is computed anew because the default branch moved under it. */
const moves = 5;

/**
 * Merges an approved change: recomputes the merge on the default branch as it stands, runs the tests on the result in a
 * clean sandbox, and pushes only if the branch has not moved meanwhile. Idempotent: after a crash it looks whether the
 * remote has the merge already. Asks the pipeline run to go on.
 */
export async function mergeChange(context: HostContext, { stageAttemptId }: { stageAttemptId: string }): Promise<void> {
  const { orgId, bus } = context;
  const file = await readCheckFile(context, stageAttemptId);
  if (!file) return;
  const done = await holdAttempt(context, { attemptId: stageAttemptId, kind: 'merge' }, async (held) => {
    const end = await tryMerge(context, held, file);
    await endMerge(context, held, { file, ...end });
    if (end.result === 'merged') await noticeInPassing(context, { repoId: file.repo.id, commit: end.commit });
  });
  if (!done) return;
  const { pipelineRunId } = file.attempt;
  await sendAfterCommit(bus, [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }]);
}

async function tryMerge(context: HostContext, held: HeldAttempt, file: CheckFile): Promise<MergeEnd> {
  const gate = await readGate(context, file);
  if ('stale' in gate) return { result: 'stale', detail: gate.stale };
  const intent = await openMergeIntent(context, { changeId: file.change.id, head: gate.head });
  const { codeHost } = context;
  const { repo } = file;
  for (let move = 0; move < moves; move += 1) {
    held.signal.throwIfAborted();
    const { defaultBranch } = repo;
    const target = await codeHost.sync({ mirror: repo.id, ...remoteOf(repo), defaultBranch });
    const pushed = intent.commit;
    const there = (commit: string) => codeHost.contains({ mirror: repo.id, commit, of: target });
    if (pushed && (await there(pushed))) {
      return { result: 'merged', commit: pushed, previous: intent.target ?? target };
    }
    // By an earlier push whose answer was lost and whose row a later try wrote over, or by a person.
    if (await there(gate.head)) return { result: 'merged', commit: target, previous: intent.target ?? target };
    const merged = await mergeOnto(context, held, { file, gate, target });
    if (merged.result !== 'ready') return merged;
    const { commit } = merged;
    await rememberMerge(context, intent, { commit, target });
    await stillHeld(context, held);
    const at = { mirror: repo.id, ...remoteOf(repo), branch: defaultBranch };
    const push = await codeHost.push({ ...at, commit, expected: target });
    if (push.kind === 'pushed') return { result: 'merged', commit, previous: target };
    if (push.kind === 'refused') return { result: 'refused', detail: refusal(defaultBranch, push.reason), target };
  }
  const detail = `${repo.defaultBranch} moved ${moves} times while the merge was being tested. Try again when it is quieter.`;
  return { result: 'refused', detail };
}

type Onto = { file: CheckFile; gate: Gate; target: string };
type Ready = { result: 'ready'; commit: string };

async function mergeOnto(
  context: HostContext,
  held: HeldAttempt,
  { file, gate, target }: Onto,
): Promise<MergeEnd | Ready> {
  const { repo } = file;
  const merge = await computeMerge(context, { file, gate, target });
  if (merge.kind === 'conflict') {
    const paths = merge.paths.slice(0, 10).join(', ');
    const detail = `${repo.defaultBranch} has moved, and the change conflicts with it in ${paths}.`;
    return { result: 'conflict', detail, paths: merge.paths, target };
  }
  const { commit } = merge;
  const settings = { testCommand: repo.testCommand, setup: readSetup(repo.setup) };
  const commands = testCommands(settings, null);
  const tested = { mirror: repo.id, commit, commands, setup: settings.setup, signal: held.signal };
  const run = await confirmTests(context, tested);
  if (run.verdict === 'passed') return { result: 'ready', commit };
  if (run.verdict === 'broken') return { result: 'broken', detail: run.detail, target };
  const detail = `The tests fail on the merge with ${repo.defaultBranch} as it stands now. ${run.detail}`;
  return { result: 'tests_failed', detail, failing: run.failing, target };
}

function refusal(branch: string, reason: string): string {
  return `The remote refused the push to ${branch}: ${reason.trim() || 'no reason given'}`;
}
