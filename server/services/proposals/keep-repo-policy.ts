import { authorOf } from '../../domain/events/actor.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { policyDocument, type PolicyDocument } from '../../domain/policy/document.ts';
import { vainRules } from '../../domain/policy/vain-rules.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { putPolicy } from '../definitions/put-policy.ts';
import type { Saved } from '../definitions/saved.ts';
import { mustBeApproved, requireMayChange } from '../policy/may-change.ts';
import type { ProposalDeps } from './take-proposal.ts';

type By = Omit<ProposalDeps, 'database'>;

export type RepoPolicyDraft = {
  repo: { id: string; name: string };
  /** The org's policy, which it may only narrow. */
  org: PolicyDocument;
  /** What is in force, by its number; null and 0 where nothing is. */
  before: PolicyDocument | null;
  basedOn: number;
  body: PolicyDocument;
  note: string;
  /** The version that is taken up again. */
  restored: number | null;
};

/**
 * Makes a policy the next version of a repo's rules, or puts it before whom the org's policy wants to approve it. Throws
 * `invalid_input` where a limit above overrules one of its rules everywhere. Inside a transaction that holds the lock of the
 * org's stream.
 */
export async function keepRepoPolicy(tx: OrgTx, by: By, draft: RepoPolicyDraft): Promise<Saved> {
  const { orgId, actor, now } = by;
  const { repo, org, body, before, basedOn, note, restored } = draft;
  await requireMayChange(tx, { orgId, actor, saved: org });
  const vain = vainRules(body, org).filter(({ whole }) => whole);
  if (vain.length > 0) throw new AppError('invalid_input', vain.map(({ message }) => message).join('\n'));
  const what = { of: 'policy' as const, layer: 'repo' as const, target: repo.id, name: repo.name };
  const kept = { what, hash: definitionHash(body), note, restored };
  if (mustBeApproved(org.approval, { before: before ?? policyDocument.parse({}), after: body })) {
    return { approvalId: await proposeDefinition(tx, by, { ...kept, basedOn, body: plain(body) }) };
  }
  const authorId = authorOf(actor);
  const version = basedOn + 1;
  const events = await putPolicy(tx, { orgId, now, ...kept, body, version, authorId });
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { version };
}
