import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import type { RepoProposal } from '../../db/generated/client.ts';
import { AppError } from '../../domain/errors.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import type { Saved } from '../definitions/saved.ts';
import { numberedOrgPolicy } from '../policy/org-policy.ts';
import { keepNewRole } from '../roles/add-role.ts';
import { keepRole } from '../roles/keep-role.ts';
import { takeProposal, type Deciding, type ProposalDeps } from './take-proposal.ts';
import { draftHash, draftOf, type Draft } from './draft-of.ts';
import { keepRepoPolicy } from './keep-repo-policy.ts';

type Seen = { basedOn: number; orgVersion: number; hash: string };
type By = Omit<ProposalDeps, 'database'>;
type Row = RepoProposal & { repo: { name: string } };

/**
 * Makes what a repo's file proposes the next version of the repo's rules or of a role of the org, or a new role, or puts it before
 * whom the org's policy wants to approve it. Throws `invalid_input` for a file that cannot be read, says what it may not, or would loosen
 * a limit above, and `conflict` where the file says something else by now, was decided on, or where another version than
 * `basedOn`, or another of the org's policy than `orgVersion`, is in force, or it would bring something else than `hash`: the person
 * saw what it changes of and under those, and that.
 */
export async function acceptProposal(
  { database, ...by }: ProposalDeps,
  { basedOn, orgVersion, hash, ...deciding }: Deciding & Seen,
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
    const { version: above } = await numberedOrgPolicy(tx, orgId);
    if (above !== orgVersion) throw new AppError('conflict', overtakenAbove(above));
    if (draftHash(drafted.draft) !== hash) throw new AppError('conflict', overtakenBegin);
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
    ? 'What it was compared with is not in force. Look at what it would change, then accept it if you still want to.'
    : `Version ${newest} is in force by now. Look at what it would change of that one, then accept it if you still want to.`;

const overtakenAbove = (version: number) =>
  `Version ${version} of the org’s policy is in force by now. Look at what this would change under that one, then accept it if you still want to.`;

const overtakenBegin =
  'It would bring something else by now: what it begins with was changed. Look at what it would bring, then accept it if you still want to.';

async function keep(tx: OrgTx, by: By, { row, draft }: { row: Row; draft: Draft }): Promise<Saved> {
  const note = `${row.path} of ${row.repo.name} at ${row.commit.slice(0, 12)}`;
  const kept = { note, restored: null };
  if (draft.of === 'policy') {
    return keepRepoPolicy(tx, by, { ...draft, ...kept, repo: { id: row.repoId, name: row.repo.name } });
  }
  if (draft.of === 'new-role') return keepNewRole(tx, by, { ...draft, name: draft.role, note });
  const { roleId, role, body, basedOn } = draft;
  return keepRole(tx, by, { roleId, role, basedOn, body, hash: definitionHash(body), ...kept });
}
