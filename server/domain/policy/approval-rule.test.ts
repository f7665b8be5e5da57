import { describe, expect, it } from 'vitest';
import {
  approvalInWords,
  approvedBesides,
  besides,
  whoApproves,
  type ApprovalPart,
  type ApprovalRule,
  type Approver,
  type Beside,
} from './approval-rule.ts';
import { policyDocument } from './document.ts';
import { onlyTightens } from './only-tightens.ts';

const person = (userId: string, role: Approver['role'], teams: string[] = []): Approver => ({ userId, role, teams });
const [owner, admin] = [person('owner', 'owner'), person('admin', 'admin')];
const [lead, auditor] = [person('lead', 'maintainer', ['Security']), person('auditor', 'auditor', ['Security'])];
const all = [owner, admin, lead, auditor];
const who = (rule: ApprovalRule | null, authorId: string, members = all) =>
  whoApproves({ rule, authorId, members }).map(({ userId }) => userId);

describe('who approves a version', () => {
  it.each<[ApprovalRule | null, string, string[]]>([
    [null, 'admin', ['owner']],
    [{ by: 'admins' }, 'owner', ['admin']],
    [{ by: 'owners' }, 'admin', ['owner']],
    [{ by: 'team', team: 'security' }, 'admin', ['lead']],
  ])('%j, written by %s: %j', (rule, author, approvers) => expect(who(rule, author)).toEqual(approvers));

  it('another owner where nobody else is named, and never the author', () => {
    expect(who({ by: 'team', team: 'gone' }, 'admin')).toEqual(['owner']);
    expect(who({ by: 'team', team: 'security' }, 'lead')).toEqual(['owner']);
    expect(who({ by: 'owners' }, 'owner')).toEqual([]);
    expect(who({ by: 'admins' }, 'owner', [owner])).toEqual([]);
  });

  it('a team is named with `by: team`, and with nothing else', () => {
    const read = (approval: unknown) => policyDocument.safeParse({ approval }).success;
    expect([read({ by: 'team', team: 'x' }), read({ by: 'owners' })]).toEqual([true, true]);
    expect([read({ by: 'team' }), read({ by: 'owners', team: 'x' }), read({ by: 'nobody' })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('what waits besides versions', () => {
  const by = { by: 'admins' } as const;
  it.each<[ApprovalPart, Beside[]]>([
    [{}, []],
    [{ preset: 'cautious' }, []],
    [{ approval: by }, ['agents', 'tools']],
    [{ preset: 'cautious', approval: by }, ['agents', 'tools']],
    [{ preset: 'balanced', approval: by }, ['agents', 'tools']],
    [{ preset: 'autonomous', approval: by }, []],
    [{ preset: 'autonomous', approval: { ...by, also: ['tools'] } }, ['tools']],
    [{ preset: 'cautious', approval: { ...by, also: [] } }, []],
  ])('of %j: %j', (policy, waiting) => {
    const read = policyDocument.parse(policy);
    expect(approvedBesides(read)).toEqual(waiting);
    const words = approvalInWords(read);
    expect([/lets an agent do more/.test(words), /allowed of MCP servers/.test(words)]).toEqual(
      besides.map((each) => waiting.includes(each)),
    );
  });

  it('is one of two words, and loosening it is no tightening', () => {
    expect(policyDocument.safeParse({ approval: { ...by, also: ['models'] } }).success).toBe(false);
    const [all, none] = [by, { ...by, also: [] }].map((approval) => policyDocument.parse({ approval }));
    expect(onlyTightens(all!, none!)).toBe(false);
  });
});

describe('what only tightens', () => {
  const limit = (id: string, then: string) => ({ id, on: 'write', paths: ['docs/**'], then });
  const before = { preset: 'balanced', limits: [limit('a', 'ask')], approval: { by: 'owners' } };
  const tightens = (change: object, from: object = before) =>
    onlyTightens(policyDocument.parse(from), policyDocument.parse({ ...before, ...change }));

  it('is more limits that refuse, and nothing else', () => {
    expect(tightens({ limits: [limit('a', 'ask'), limit('b', 'deny')] })).toBe(true);
    expect(tightens({ cases: [{ write: 'docs/a.md', is: 'ask' }] })).toBe(true);
  });

  it.each([
    ['a limit that asks, which silences what holds otherwise', { limits: [limit('a', 'ask'), limit('b', 'ask')] }],
    ['a limit in the place of another', { limits: [limit('a', 'deny')] }],
    ['a limit in the place of a rule of the preset', { limits: [limit('a', 'ask'), limit('w8-migrations', 'deny')] }],
    ['a default', { defaults: [limit('b', 'deny')] }],
    ['a rule of the preset left out', { without: ['w8-migrations'] }],
    ['another preset', { preset: 'cautious' }],
    ['the rule of who approves', { approval: { by: 'admins' } }],
    ['who may change it', { changes: 'admins' }],
    ['the rule of who approves, gone', { approval: undefined }],
  ])('%s is not', (_what, change) => expect(tightens(change)).toBe(false));

  it('neither is a case that goes', () => {
    const cases = [{ write: 'docs/a.md', is: 'ask' }];
    expect(tightens({ limits: before.limits }, { ...before, cases })).toBe(false);
  });
});
