import type { Database } from '../../../db/connect.ts';
import { newId } from '../../../db/new-id.ts';
import { readAllEvents } from '../../../db/read-events.ts';
import { makeMember, makeOrg, makeRepo, makeStarters } from '../../../testing/factories.ts';
import { decideApproval } from '../../approvals/decide-approval.ts';
import { savePolicy } from '../../policy/save-policy.ts';
import { acceptProposal } from '../accept-proposal.ts';
import { draftHash, draftOf } from '../draft-of.ts';

const bus = { send: async () => {}, lost: () => {} };

/** An org and files of its repos that propose something; with `approval` its policy wants a second person. */
export async function proposingOrg(database: Database, { approval }: { approval: boolean }) {
  const org = await makeOrg(database);
  await makeStarters(database, org);
  const { orgId, db, owner } = org;
  const admin = await makeMember(database, org, 'admin');
  const deps = (userId: string) => ({ database, orgId, actor: { type: 'user' as const, userId }, now: new Date() });
  const yaml = 'preset: balanced\napproval: { by: admins }\n';
  if (approval) await savePolicy(deps(owner.userId), { yaml, note: 'two', basedOn: 1, restored: null });

  /** The text's digest is the proposal's id here. */
  const propose = async (path: string, text: string, repo?: string) => {
    const repoId = repo ?? (await makeRepo(org)).repoId;
    const id = newId('repoProposal');
    const state = { commit: 'c'.repeat(40), isCurrent: true, status: 'open' as const, createdAt: new Date() };
    await db.repoProposal.create({ data: { orgId, id, repoId, path, digest: id, text, ...state } });
    return id;
  };
  const rowOf = (id: string) => db.repoProposal.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
  const orgVersion = () => db.policyVersion.count({ where: { orgId, layer: 'org' } });
  const take = async (proposalId: string, basedOn: number, above?: number) => {
    const drafted = await draftOf(db, orgId, await rowOf(proposalId));
    const hash = drafted.ok ? draftHash(drafted.draft) : '';
    return acceptProposal(deps(owner.userId), {
      ...{ proposalId, digest: proposalId, basedOn, hash, orgVersion: above ?? (await orgVersion()) },
    });
  };
  /** Accepts it under `approval`; the approval that it waits for. */
  const accept = async (proposalId: string, basedOn: number) => {
    const saved = await take(proposalId, basedOn);
    if (!('approvalId' in saved)) throw new Error('it was not put before anybody');
    return saved.approvalId;
  };
  const decide = async (approvalId: string, verdict: 'approved' | 'denied') => {
    const { digest } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    const decision = { approvalId, digest, verdict, reason: 'as agreed', via: 'browser' };
    return decideApproval({ ...deps(admin.userId), bus }, decision);
  };
  const lastKinds = async (count: number) =>
    (await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).slice(-count).map(({ kind }) => kind);
  return { orgId, db, org, owner, deps, propose, rowOf, take, accept, decide, lastKinds };
}
