import { describe, expect, it } from 'vitest';
import type { OrgRole } from '../authz/scopes.ts';
import { subjectDigest } from './digest.ts';
import { mayDecide } from './eligible.ts';
import { approvalSentences } from './sentences.ts';
import type { ApprovalSubject } from './subject.ts';

const merge: ApprovalSubject = {
  kind: 'merge',
  changeId: 'chg_1',
  repo: 'sample-api',
  target: 'main',
  base: 'b',
  head: 'h',
  patchId: 'p',
  policyVersionId: 'pov_1',
  files: 4,
  added: 41,
  removed: 4,
  summary: 's',
};

describe('subjectDigest', () => {
  it('depends on every value and on no order', () => {
    expect(subjectDigest(Object.fromEntries(Object.entries(merge).toReversed()) as ApprovalSubject)).toBe(
      subjectDigest(merge),
    );
    expect(subjectDigest({ ...merge, head: 'other' })).not.toBe(subjectDigest(merge));
  });
});

describe('mayDecide', () => {
  const filer = { userId: 'filer', role: 'owner' as OrgRole };
  const other = (role: OrgRole) => ({ userId: 'other', role });
  const cases: [string, Exclude<ApprovalSubject['kind'], 'definition'>, typeof filer, OrgRole[], boolean, boolean?][] =
    [
      ['the only eligible person approves his own', 'merge', filer, [], true, true],
      ['members who may not decide do not count', 'merge', filer, ['member', 'auditor'], true, true],
      ['with a second approver he may not', 'merge', filer, ['approver'], false],
      ['the second approver may', 'merge', other('approver'), ['approver'], true, false],
      ['a member may not', 'merge', other('member'), ['member'], false],
      ['the filer answers a question', 'question', { userId: 'filer', role: 'member' }, ['owner'], true, false],
      ['a stranger to the task does not', 'question', other('member'), ['member'], false],
      ['an approver decides an escalation', 'escalation', other('approver'), ['approver'], true, false],
    ];
  it.each(cases)('%s', (...row) => {
    const [, kind, viewer, others, may, selfApproval] = row;
    const members = [filer, ...others.map((role) => other(role))];
    const answer = mayDecide({ kind, viewer, requesterId: 'filer', members });
    expect(answer).toMatchObject(may ? { may, selfApproval } : { may, why: expect.stringMatching(/\w/) });
  });
});

describe('sentences', () => {
  it('says what a merge does', () => {
    expect(approvalSentences(merge).consent).toBe('Let Fleet merge 4 files (+41 −4) into `main` of `sample-api`.');
  });
});
