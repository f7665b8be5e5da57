import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { DefinitionSubject } from '../../domain/approval/subject.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { requestApproval } from '../approvals/request-approval.ts';
import { voidDefinitions } from './void-definitions.ts';

type By = { orgId: string; actor: Actor; now: Date };
export type Draft = Omit<DefinitionSubject, 'kind' | 'authorId'>;

/**
 * Puts a version before those who approve it, in place of what the same person put before them; returns the approval's id.
 * Nothing of it counts before. Inside a transaction that holds the lock of the org's stream.
 */
export async function proposeDefinition(tx: OrgTx, { orgId, actor, now }: By, draft: Draft): Promise<string> {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can put this before others.');
  const authorId = actor.userId;
  const reason = 'Its author saved another draft in its place.';
  const replaced = await voidDefinitions(tx, { orgId, now, what: draft.what, reason, authorId });
  await appendOrgEvents(tx, { orgId, actor, at: now, events: replaced });
  const subject = { kind: 'definition' as const, authorId, ...draft };
  return requestApproval(tx, { orgId, now, actor, pipelineRunId: null, stageAttemptId: null, runId: null, subject });
}
