import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../db/new-id.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeChange, makeMember, makeRunWithAll, makeStageAttempt, type TestOrg } from '../../testing/factories.ts';
import { getApproval } from './get-approval.ts';
import { getChange } from './get-change.ts';
import { listApprovals } from './list-approvals.ts';
import { before, hex, makeApproval, mergeOf, queryOf } from './testing/approvals.ts';
import type { ViewQuery } from './view-query.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const query = (org: TestOrg, as?: ViewQuery['viewer']) => queryOf(tested.database, org, as);

describe('approval', () => {
  async function merge() {
    const made = await makeRunWithAll(tested.database);
    const { org, pipelineRunId, repoId } = made;
    const attempt = await makeStageAttempt(org, {
      pipelineRunId,
      stage: 'merge-ok',
      kind: 'approval',
      status: 'waiting',
    });
    const { changeId } = await makeChange(org, { pipelineRunId, repoId, head: hex('b') });
    const approvalId = await makeApproval(org, { pipelineRunId, ...attempt }, mergeOf(changeId, hex('b')));
    return { ...made, changeId, approvalId };
  }

  it('is the requester’s own to decide while nobody else can, and not any more once somebody can', async () => {
    const { org, approvalId } = await merge();
    expect(await getApproval(query(org), { approvalId })).toMatchObject({
      mayDecide: true,
      whyNot: null,
      consent: 'Let Fleet merge 4 files (+41 −4) into `main` of `sample-api`.',
      requestedBy: org.owner.email,
    });
    const approver = await makeMember(tested.database, org, 'approver');
    expect(await getApproval(query(org), { approvalId })).toMatchObject({
      mayDecide: false,
      whyNot: expect.stringContaining('somebody else'),
    });
    const view = await getApproval(query(org, { userId: approver.userId, role: 'approver' }), { approvalId });
    expect(view.mayDecide).toBe(true);
  });

  it.each([
    ['is over in time', { expiresAt: before(1) }, 'time is over'],
    ['was voided', { status: 'voided' as const }, 'has changed'],
    ['was denied', { status: 'denied' as const }, 'denied already'],
  ])('nobody decides one that %s', async (_name, data, why) => {
    const { org, approvalId } = await merge();
    await org.db.approval.updateMany({ where: { orgId: org.orgId, id: approvalId }, data });
    const view = await getApproval(query(org), { approvalId });
    expect(view).toMatchObject({ mayDecide: false, whyNot: expect.stringContaining(why) });
    expect(await listApprovals(query(org), { status: 'pending' })).toHaveLength('status' in data ? 0 : 1);
  });

  it.each([
    ['its task ended', { kind: 'merge' as const }, { endedAt: before(1) }, 'Its task has ended'],
    ['its run ended', { kind: 'question' as const, runId: newId('run') }, {}, 'The run that asked has ended'],
    ['its change moved', { kind: 'merge' as const }, {}, 'asked anew'],
  ])('says of a voided one that %s', async (_name, data, pipelineRun, why) => {
    const { org, approvalId } = await merge();
    await org.db.approval.updateMany({
      where: { orgId: org.orgId, id: approvalId },
      data: { ...data, status: 'voided' },
    });
    if ('endedAt' in pipelineRun)
      await org.db.pipelineRun.updateMany({ where: { orgId: org.orgId }, data: pipelineRun });
    const { whyNot } = await getApproval(query(org), { approvalId });
    expect(whyNot).toContain(why);
    if (why !== 'asked anew') expect(whyNot).not.toContain('asked anew');
  });
});

describe('change', () => {
  const evidence = {
    commit: hex('b'),
    base: hex('a'),
    command: 'npm test',
    exitCode: 0,
    durationMs: 512,
    tests: { passed: 16, failed: 0, skipped: 0 },
    failing: [],
    newTests: [],
    removedTests: [],
    newlySkippedTests: [],
    baseline: null,
    outputTail: '',
  };
  const finding = {
    path: 'src/a.js',
    line: 3,
    severity: 'must',
    statement: 'negative pages',
    evidence: '200',
    suggestion: '',
  };
  const codeHost = { diff: async () => 'diff --git a/x b/x\n' } as never;

  it('shows what was verified, judged and decided on this commit, and what is missing', async () => {
    const { org, pipelineRunId, repoId, stageAttemptId } = await makeRunWithAll(tested.database);
    const { changeId } = await makeChange(org, { pipelineRunId, repoId, head: hex('b') });
    const review = (verdict: 'approve' | 'changes_requested', commit: string, findings: object[], minutes: number) => ({
      orgId: org.orgId,
      id: newId('review'),
      stageAttemptId,
      changeId,
      commit,
      verdict,
      findings: { callId: 'c', summary: verdict, findings, notReviewed: [] },
      createdAt: before(minutes),
    });
    await org.db.review.create({ data: review('changes_requested', hex('d'), [{ ...finding, id: 'R1-F1' }], 9) });
    const early = await getChange({ ...query(org), codeHost }, { changeId });
    expect(early.gates.map(({ passed }) => passed)).toEqual([false, false, false]);
    expect(early.reviews[0]?.findings[0]).toMatchObject({ id: 'R1-F1', resolved: false });

    await org.db.review.create({ data: review('approve', hex('b'), [], 3) });
    await org.db.checkResult.create({
      data: {
        orgId: org.orgId,
        id: newId('checkResult'),
        stageAttemptId,
        changeId,
        commit: hex('b'),
        verdict: 'passed',
        evidence,
        createdAt: before(4),
      },
    });
    const approvalId = await makeApproval(org, { pipelineRunId, stageAttemptId }, mergeOf(changeId, hex('b')));
    const { orgId } = org;
    await org.db.approval.updateMany({
      where: { orgId, id: approvalId },
      data: { status: 'approved', selfApproved: true },
    });
    await org.db.approvalVote.create({
      data: {
        orgId,
        id: newId('approvalVote'),
        approvalId,
        userId: org.owner.userId,
        via: 'browser',
        verdict: 'approved',
        reason: '',
        createdAt: before(2),
      },
    });
    const change = await getChange({ ...query(org), codeHost }, { changeId });
    expect(change.gates).toEqual([
      {
        name: 'Tests pass on this commit',
        passed: true,
        proof: '16 passed, 0 failed, 0 skipped on bbbbbbbbbb',
        at: null,
      },
      { name: 'A reviewer approves this commit', passed: true, proof: 'Developer approved bbbbbbbbbb', at: null },
      {
        name: 'A person approves the merge',
        passed: true,
        proof: `${org.owner.email}, self-approved`,
        at: before(2).toISOString(),
      },
    ]);
    expect(change.reviews[0]?.findings[0]?.resolved).toBe(true);
    expect(change).toMatchObject({ diff: 'diff --git a/x b/x\n', diffCut: false, title: 'Reject negative amounts' });

    await org.db.change.updateMany({ where: { orgId, id: changeId }, data: { head: hex('e') } });
    const moved = await getChange({ ...query(org), codeHost }, { changeId });
    expect(moved.gates.map(({ passed }) => passed)).toEqual([false, false, false]);
  });
});
