import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { testDatabase } from '../../testing/database.ts';
import { expireApproval } from '../approvals/expire-approval.ts';
import { savePolicy } from '../policy/save-policy.ts';
import { proposingOrg } from './testing/proposing-org.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const start = () => proposingOrg(database, { approval: true });

const open = { status: 'open', approvalId: null, decidedBy: null, decidedAt: null, reason: '' };
const policyFile = '.fleet/policy.yaml';
const noDocs = "limits:\n  - { id: no-docs, on: write, paths: ['docs/**'], then: deny }\n";

describe('a proposal that was put before others', () => {
  it('is open again when nobody decides in time, and can be accepted once more', async () => {
    const { orgId, propose, rowOf, accept, decide, lastKinds } = await start();
    const proposal = await propose(policyFile, noDocs);
    const approvalId = await accept(proposal, 0);
    expect(await rowOf(proposal)).toMatchObject({ status: 'accepted', approvalId });
    const later = new Date(Date.now() + 7 * 24 * 3_600_000);
    await Promise.all([1, 2].map(() => expireApproval({ database, orgId, now: later }, { approvalId })));
    expect(await rowOf(proposal)).toMatchObject(open);
    expect(await lastKinds(3)).toEqual(['proposal.accepted', 'approval.closed', 'proposal.found']);
    expect(await decide(await accept(proposal, 0), 'approved')).toMatchObject({ status: 'approved' });
    expect(await rowOf(proposal)).toMatchObject({ status: 'accepted' });
  });

  it('is open again when its approval is voided because it cannot come into force', async () => {
    const { orgId, db, owner, propose, rowOf, accept, decide, lastKinds } = await start();
    const proposal = await propose(policyFile, noDocs);
    const approvalId = await accept(proposal, 0);
    await db.member.updateMany({ where: { orgId, userId: owner.userId }, data: { role: 'member' } });
    await expect(decide(approvalId, 'approved')).rejects.toMatchObject({ code: 'approval_stale' });
    expect(await rowOf(proposal)).toMatchObject(open);
    expect(await lastKinds(2)).toEqual(['approval.closed', 'proposal.found']);
  });

  it('is open again when another draft takes its place or comes into force before it', async () => {
    const { propose, rowOf, accept, decide, lastKinds } = await start();
    const role = '.fleet/roles/developer.yaml';
    const [one, other] = [await propose(role, 'title: Builder\n'), await propose(role, 'title: Maker\n')];
    await accept(one, 1);
    const approvalId = await accept(other, 1);
    expect([await rowOf(one), await rowOf(other)]).toMatchObject([open, { status: 'accepted', approvalId }]);
    expect(await lastKinds(4)).toContain('proposal.found');
    await decide(approvalId, 'approved');
    expect(await rowOf(other)).toMatchObject({ status: 'accepted', approvalId });
  });

  it('is open again when another version of the org’s policy comes into force before it, and a role’s is not', async () => {
    const { db, orgId, owner, deps, propose, rowOf, accept, decide, lastKinds } = await start();
    const [rules, role] = [
      await propose(policyFile, noDocs),
      await propose('.fleet/roles/developer.yaml', 'title: B\n'),
    ];
    const [waits, stays] = [await accept(rules, 0), await accept(role, 1)];
    const yaml = 'preset: cautious\napproval: { by: admins }\n';
    const saved = await savePolicy(deps(owner.userId), { yaml, note: 'stricter', basedOn: 2, restored: null });
    expect(await rowOf(rules)).toMatchObject({ status: 'accepted', approvalId: waits });
    await decide('approvalId' in saved ? saved.approvalId : '', 'approved');
    expect(await rowOf(rules)).toMatchObject(open);
    expect(await rowOf(role)).toMatchObject({ status: 'accepted', approvalId: stays });
    const { status } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: waits } } });
    expect(status).toBe('voided');
    expect(await lastKinds(5)).toEqual(expect.arrayContaining(['policy.saved', 'approval.closed', 'proposal.found']));
    expect(await db.policyVersion.count({ where: { orgId, layer: 'repo' } })).toBe(0);
  });

  it('stays decided when a person denies it, and when the file says something else by now', async () => {
    const { orgId, db, propose, rowOf, accept, decide } = await start();
    const denied = await propose(policyFile, noDocs);
    const first = await accept(denied, 0);
    await decide(first, 'denied');
    expect(await rowOf(denied)).toMatchObject({ status: 'accepted', approvalId: first });
    const gone = await propose(policyFile, noDocs);
    const approvalId = await accept(gone, 0);
    await db.repoProposal.updateMany({ where: { orgId, id: gone }, data: { isCurrent: false } });
    const later = new Date(Date.now() + 7 * 24 * 3_600_000);
    await expireApproval({ database, orgId, now: later }, { approvalId });
    expect(await rowOf(gone)).toMatchObject({ status: 'accepted', isCurrent: false });
  });
});
