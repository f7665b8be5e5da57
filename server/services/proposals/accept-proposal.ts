import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { RepoProposal } from '../../db/generated/client.ts';
import { AppError } from '../../domain/errors.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { vainRules } from '../../domain/policy/vain-rules.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { plain } from '../definitions/plain.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { putPolicy } from '../definitions/put-policy.ts';
import type { Saved } from '../definitions/saved.ts';
import { mustBeApproved, requireMayChange } from '../policy/may-change.ts';
import { keepRole } from '../roles/keep-role.ts';
import { takeProposal, type Deciding, type ProposalDeps } from './take-proposal.ts';
import { draftOf, type Draft } from './draft-of.ts';

type By = Omit<ProposalDeps, 'database'>;
type Row = RepoProposal & { repo: { name: string } };

/**
 * Makes what a repo's file proposes the next version of the repo's rules or of a role of the org, or puts it before whom the
 * org's policy wants to approve it. Throws `invalid_input` for a file that cannot be read, says what it may not, or would loosen
 * a limit above, and `conflict` where the file says something else by now, was decided on, or where another version than
 * `basedOn`, with which the person compared it, is in force.
 */
export async function acceptProposal(
  { database, ...by }: ProposalDeps,
  { basedOn, ...deciding }: Deciding & { basedOn: number },
): Promise<Saved> {
  const { orgId, actor, now } = by;
  return database.transaction(orgId, async (tx) => {
    const row = await takeProposal(tx, by, { ...deciding, status: 'accepted', reason: '' });
    const drafted = await draftOf(tx, orgId, row);
    if (!drafted.ok) {
      const words = drafted.problems
        .slice(0, 5)
        .map(({ line, column, message }) => `Line ${line}, column ${column}: ${message}`);
      throw new AppError('invalid_input', words.join('\n'));
    }
    const { basedOn: newest } = drafted.draft;
    if (newest !== basedOn) throw new AppError('conflict', overtakenBy(newest));
    const saved = await keep(tx, by, { row, draft: drafted.draft });
    const approvalId = 'approvalId' in saved ? saved.approvalId : null;
    await tx.repoProposal.updateMany({ where: { orgId, id: row.id }, data: { approvalId } });
    const { id: proposalId, repoId, path, commit, digest } = row;
    const payload = { proposalId, repoId, path, commit, digest, approvalId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'proposal.accepted', payload }] });
    return saved;
  });
}

const overtakenBy = (newest: number) =>
  newest === 0
    ? 'What it was compared with is not in force. Load the page again to see what it would change.'
    : `Version ${newest} is in force by now. Load the page again to see what it would change of that one.`;

async function keep(tx: OrgTx, by: By, { row, draft }: { row: Row; draft: Draft }): Promise<Saved> {
  const note = `${row.path} of ${row.repo.name} at ${row.commit.slice(0, 12)}`;
  const hash = definitionHash(draft.body);
  const { basedOn } = draft;
  if (draft.of === 'policy') return keepPolicy(tx, by, { row, draft, note, hash });
  const { roleId, role, body } = draft;
  return keepRole(tx, by, { roleId, role, basedOn, body, hash, note, restored: null });
}

type Keeping = { row: Row; draft: Extract<Draft, { of: 'policy' }>; note: string; hash: string };

async function keepPolicy(tx: OrgTx, by: By, { row, draft, note, hash }: Keeping): Promise<Saved> {
  const { orgId, actor, now } = by;
  const { org, body, before, basedOn } = draft;
  await requireMayChange(tx, { orgId, actor, saved: org });
  const vain = vainRules(body, org).filter(({ whole }) => whole);
  if (vain.length > 0) throw new AppError('invalid_input', vain.map(({ message }) => message).join('\n'));
  const what = { of: 'policy' as const, layer: 'repo' as const, target: row.repoId, name: row.repo.name };
  const kept = { what, hash, note, restored: null };
  if (mustBeApproved(org.approval, { before: before ?? policyDocument.parse({}), after: body })) {
    return { approvalId: await proposeDefinition(tx, by, { ...kept, basedOn, body: plain(body) }) };
  }
  const authorId = actor.type === 'user' ? actor.userId : null;
  const version = basedOn + 1;
  const events = await putPolicy(tx, { orgId, now, ...kept, body, version, authorId });
  await appendOrgEvents(tx, { orgId, actor, at: now, events });
  return { version };
}
