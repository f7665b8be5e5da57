import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import type { DefinitionTarget } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import type { PolicyDocument } from '../../domain/policy/document.ts';
import { reopenRulesOf } from '../proposals/reopen-proposals.ts';
import { voidDefinitions } from './void-definitions.ts';

export type Put<What, Body> = {
  orgId: string;
  now: Date;
  what: What;
  version: number;
  body: Body;
  hash: string;
  authorId: string | null;
  note: string;
  restored: number | null;
  /** The approval that brings it into force, where one had to. */
  approvalId?: string;
};

export const overtaken = (version: number) =>
  `Version ${version} came into force meanwhile. Draft it again on top of that one.`;

/** What a repo's rules change was shown under the org's policy of then. */
const overtakenAbove = (version: number) =>
  `Version ${version} of the org’s policy came into force meanwhile. Look at what this changes under that one, and draft it again.`;

type OfPolicy = Extract<DefinitionTarget, { of: 'policy' }>;

/** Stores the next version of a policy; returns what the caller's transaction is to tell. The version's number is the lock. */
export async function putPolicy(tx: OrgTx, put: Put<OfPolicy, PolicyDocument>): Promise<OrgEvent[]> {
  const { orgId, now, what, version, body, hash, authorId, note, restored, approvalId } = put;
  const { layer, target } = what;
  const id = newId('policyVersion');
  const of = { orgId, layer, target };
  await tx.policyVersion.create({ data: { ...of, id, version, body, hash, authorId, note, createdAt: now } });
  const said = { policyVersionId: id, layer, target, version, hash, note, restored };
  const by = approvalId === undefined ? {} : { approvalId, ...(authorId !== null && { authorId }) };
  const closed = await voidDefinitions(tx, { orgId, now, what, reason: overtaken(version), except: approvalId });
  const under =
    layer === 'org' ? await voidDefinitions(tx, { orgId, now, what: 'repos', reason: overtakenAbove(version) }) : [];
  const goesBack = layer === 'repo' && restored !== null;
  const reopened = goesBack ? await reopenRulesOf(tx, { orgId, repoId: target }) : [];
  return [{ kind: 'policy.saved', payload: { ...said, ...by } }, ...closed, ...under, ...reopened];
}
