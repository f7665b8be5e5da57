import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { subjectDigest } from '../../domain/approval/digest.ts';
import { approvalTtlMs, definitionName } from '../../domain/approval/sentences.ts';
import { decidesOn, type ApprovalSubject } from '../../domain/approval/subject.ts';
import type { Actor } from '../../domain/events/actor.ts';

export type ApprovalRequest = {
  orgId: string;
  now: Date;
  actor: Actor;
  /** Null, both, for a version of a policy or role. */
  pipelineRunId: string | null;
  stageAttemptId: string | null;
  runId: string | null;
  subject: ApprovalSubject;
};

/** Opens an approval bound to the hash of its subject; returns its id. Runs inside the caller's transaction. */
export async function requestApproval(tx: OrgTx, request: ApprovalRequest): Promise<string> {
  const { orgId, now, actor, pipelineRunId, stageAttemptId, runId, subject } = request;
  const id = newId('approval');
  const digest = subjectDigest(subject);
  await tx.approval.create({
    data: {
      orgId,
      id,
      pipelineRunId,
      stageAttemptId,
      runId,
      kind: subject.kind,
      subject,
      digest,
      quorum: decidesOn(subject)?.who === 'two' ? 2 : 1,
      status: 'pending',
      createdAt: now,
      expiresAt: new Date(now.getTime() + approvalTtlMs),
    },
  });
  const about = subject.kind === 'definition' ? { about: definitionName(subject.what) } : {};
  const payload = { approvalId: id, approvalKind: subject.kind, digest, pipelineRunId, ...about };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'approval.requested', payload }] });
  return id;
}
