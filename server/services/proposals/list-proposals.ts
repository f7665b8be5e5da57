import type { RepoProposal } from '../../db/generated/client.ts';
import { definitionName } from '../../domain/approval/sentences.ts';
import { AppError } from '../../domain/errors.ts';
import { policyDocument } from '../../domain/policy/document.ts';
import { vainRules } from '../../domain/policy/vain-rules.ts';
import { definitionHash } from '../../domain/roles/definition-hash.ts';
import { ableWords } from '../../domain/roles/able-words.ts';
import { roleText } from '../../domain/roles/role-edit.ts';
import type { ProposalView, ProposalsView } from '../../domain/views/proposal-views.ts';
import { readApprovalRule } from '../policy/approval-rule.ts';
import { listPolicyVersions } from '../policy/list-policy-versions.ts';
import { numberedOrgPolicy } from '../policy/org-policy.ts';
import { policyChange } from '../views/definition-view.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';
import { draftHash, draftOf, type Draft } from './draft-of.ts';

const shown = 100;

/**
 * What the files of one repo propose, or of all of them; without a repo only what nobody has decided on. What is in force
 * already is no proposal. Throws `not_found`.
 */
export async function listProposals(query: ViewQuery, { repoId }: { repoId: string | null }): Promise<ProposalsView> {
  const { db, system, orgId } = query;
  if (repoId !== null && (await db.repo.count({ where: { orgId, id: repoId } })) === 0)
    throw new AppError('not_found', 'There is no such repo in this org.');
  // Before they are compared: where another comes into force meanwhile, accepting finds out.
  const { version: orgVersion } = await numberedOrgPolicy(db, orgId);
  const of = repoId === null ? { status: 'open' as const } : { repoId };
  const rows = await db.repoProposal.findMany({
    where: { orgId, isCurrent: true, ...of },
    include: { repo: { select: { name: true } } },
    orderBy: [{ repoId: 'asc' }, { path: 'asc' }],
    take: shown,
  });
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ decidedBy }) => decidedBy ?? []),
  );
  const views: ProposalView[] = [];
  for (const row of rows) {
    const view = await proposalView(query, row);
    if (view) views.push({ ...view, decidedBy: row.decidedBy === null ? null : nameOf(row.decidedBy) });
  }
  const isApproved = (await readApprovalRule(db, orgId)) !== null;
  return { proposals: views, policy: repoId === null ? null : await policyOf(query, repoId), isApproved, orgVersion };
}

async function policyOf(query: ViewQuery, repoId: string): Promise<ProposalsView['policy']> {
  const versions = await listPolicyVersions(query, { layer: 'repo', target: repoId });
  const [newest] = versions;
  return newest ? { version: newest.version, versions } : null;
}

type Row = RepoProposal & { repo: { name: string } };
type Said = Pick<ProposalView, 'problems' | 'text' | 'change' | 'basedOn' | 'hash' | 'vain'>;

/** Null where it says what is in force. */
async function proposalView({ db, orgId }: ViewQuery, row: Row): Promise<ProposalView | null> {
  const drafted = await draftOf(db, orgId, row);
  if (drafted.ok && isInForce(drafted.draft)) return null;
  const said: Said = drafted.ok
    ? {
        problems: [],
        text: '',
        basedOn: drafted.draft.basedOn,
        hash: draftHash(drafted.draft),
        ...changeOf(drafted.draft, row),
      }
    : { problems: drafted.problems, text: row.text, change: null, basedOn: null, hash: null, vain: [] };
  const { id, repoId, path, commit, digest, status, approvalId, reason } = row;
  return {
    ...{ id, repoId, path, commit, digest, approvalId, reason, repo: row.repo.name },
    status: status === 'gone' ? 'dismissed' : status,
    decidedBy: null,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    ...said,
  };
}

/** A file that says nothing is in force where nothing is. */
function isInForce(draft: Draft): boolean {
  if (draft.of === 'new-role') return false;
  const before = draft.before ?? policyDocument.parse({});
  return definitionHash(before) === definitionHash(draft.body);
}

function changeOf(draft: Draft, { repoId, repo }: Row): Pick<Said, 'change' | 'vain'> {
  if (draft.of !== 'policy') {
    const { role, before, body } = draft;
    const name = definitionName({ of: 'role', roleId: '', name: role });
    const texts = { before: before === null ? '' : roleText(before), after: roleText(body) };
    const able = draft.of === 'new-role' ? ableWords(body, draft) : [];
    return { change: { name, ...texts, stricter: [], looser: [], able, approval: null, triable: false }, vain: [] };
  }
  const { before, body, org } = draft;
  const name = definitionName({ of: 'policy', layer: 'repo', target: repoId, name: repo.name });
  const change = policyChange({ before, after: body }, org);
  const vain = vainRules(body, org).map(({ message, whole }) => ({ message, whole }));
  return { change: { ...change, name }, vain };
}
