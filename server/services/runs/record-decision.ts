import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { changedLines, isChangedLine } from '../../domain/checks/changed-lines.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { ReviewDecision } from '../../domain/roles/role-body.ts';
import { recordedReview } from '../../domain/runs/review-record.ts';
import type { Claim } from './claim-run.ts';
import { leaseLost } from './heartbeat-run.ts';
import type { RunFile } from './read-run-file.ts';

export type Deciding = { now: Date; claim: Claim; file: RunFile; callId: string; body: ReviewDecision };
export type DecisionAnswer = { kind: 'accepted' } | { kind: 'refused'; text: string };

/**
 * Takes a reviewer's decision on the commit it was given. Idempotent per run. Refuses, in words for the agent, findings
 * beside the change and verdicts that their findings do not carry.
 */
export async function recordDecision(
  { database, codeHost }: { database: Database; codeHost: CodeHost },
  { now, claim, file, callId, body }: Deciding,
): Promise<DecisionAnswer> {
  const { orgId, runId, generation } = claim;
  const { stageAttempt, input, change, repo, task } = file;
  const before = await database.org(orgId).review.findFirst({ where: { orgId, stageAttemptId: stageAttempt.id } });
  if (before) return { kind: 'accepted' };
  const commit = input.head;
  if (!commit) return { kind: 'refused', text: 'There is no commit to decide on.' };
  const diff = await codeHost.diff({ mirror: repo.id, base: input.base, head: commit });
  const problem = whyRefused(body, diff);
  if (problem) return { kind: 'refused', text: problem };

  const record = recordedReview(callId, stageAttempt.attempt, body);
  const verdict = body.decision;
  const reviewId = newId('review');
  await database.transaction(orgId, async (tx) => {
    const held = await tx.run.updateMany({
      where: { orgId, id: runId, leaseGeneration: generation, status: 'running' },
      data: { progressAt: now },
    });
    if (held.count === 0) throw leaseLost(runId);
    await tx.review.create({
      data: {
        orgId,
        id: reviewId,
        stageAttemptId: stageAttempt.id,
        changeId: change.id,
        commit,
        verdict,
        findings: record,
        createdAt: now,
      },
    });
    const actor = { type: 'agent-run' as const, runId, onBehalfOf: task.requesterId };
    const payload = { reviewId, changeId: change.id, commit, verdict, findings: record.findings.length };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'review.recorded', payload }] });
  });
  return { kind: 'accepted' };
}

/** What is wrong with a decision, in words for the agent; null when it stands. */
export function whyRefused({ decision, findings }: ReviewDecision, diff: string): string | null {
  const lines = changedLines(diff);
  const beside = findings.filter(({ path, line }) => !isChangedLine(lines, path, line));
  if (beside.length > 0) {
    const places = beside.map(({ path, line }) => `${path}:${line}`).join(', ');
    return `A finding sits on a line that this change touches; these do not: ${places}. Move them, or drop them.`;
  }
  const must = findings.filter(({ severity }) => severity === 'must');
  const bare = must.filter(({ evidence }) => evidence.trim() === '');
  if (bare.length > 0)
    return 'Every finding of severity must needs the evidence you produced: the call and what it answered.';
  if (decision === 'changes_requested' && must.length === 0) {
    return 'Changes can be requested only with at least one finding of severity must. Otherwise approve; notes may stay.';
  }
  if (decision === 'approve' && must.length > 0) {
    return 'A change with a finding of severity must cannot be approved: request changes, or lower the finding.';
  }
  return null;
}
