import { describe, expect, it } from 'vitest';
import type { OrgRole } from '../authz/scopes.ts';
import type { Decider, Verdict } from '../policy/verdict.ts';
import { readCodeOwners, ownerKey } from './code-owners.ts';
import { answersNeeded, strictestOf } from './decided-by.ts';
import { mayDecide } from './eligible.ts';
import { grantedOf } from './granted.ts';
import type { ApprovalSubject } from './subject.ts';

const asks = (rule: string, who?: Decider): Verdict => ({
  verdict: 'ask',
  rule,
  layer: 'org',
  reason: '',
  ...(who && { who }),
});

describe('whom rules want to answer', () => {
  it('is who the strictest of them names, with the rules that name it', () => {
    const said = strictestOf([asks('a'), asks('b', 'two'), asks('c', 'lead'), asks('d', 'two')]);
    expect(said).toEqual({ who: 'two', rules: ['b', 'd'] });
    expect(strictestOf([])).toEqual({ who: 'requester', rules: [] });
  });

  type Row = [string, Decider, OrgRole, string, OrgRole[], boolean, boolean?];
  const rows: Row[] = [
    ['a maintainer answers what is a lead’s', 'lead', 'maintainer', 'v', [], true, false],
    ['an approver does not', 'lead', 'approver', 'v', ['owner'], false],
    ['the one who filed it does where nobody else can', 'lead', 'owner', 'filer', [], true, true],
    ['and not where somebody else can', 'lead', 'owner', 'filer', ['admin'], false],
    ['an owner of the code answers', 'owner', 'member', 'codeowner', ['owner'], true, false],
    ['a lead does not answer for an owner of the code', 'owner', 'admin', 'v', ['owner'], false],
    ['an approver is one of two', 'two', 'approver', 'v', ['owner'], true, false],
    ['the one who filed it is the second of two', 'two', 'owner', 'filer', ['admin'], true, true],
    ['and not where there are two others', 'two', 'owner', 'filer', ['admin', 'approver'], false],
  ];
  it.each(rows)('%s', (...row) => {
    const [, who, role, userId, others, may, selfApproval] = row;
    const viewer = { userId, role };
    const owner = who === 'owner' && userId !== 'codeowner' ? [{ userId: 'codeowner', role: 'member' as const }] : [];
    const members = [viewer, ...owner, ...others.map((each, at) => ({ userId: `o${at}`, role: each }))];
    const decides = { who, rules: ['r'], owners: ['codeowner'] };
    const answer = mayDecide({ kind: 'scope', viewer, requesterId: 'filer', members, decides });
    expect(answer).toMatchObject(may ? { may, selfApproval } : { may, why: expect.stringMatching(/\w/) });
  });

  it('needs two answers where two people are there to give them', () => {
    const two = { who: 'two' as const, rules: [], owners: [] };
    const people = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ userId: `${at}`, role: 'admin' as const }));
    expect([0, 1, 2, 3].map((count) => answersNeeded(two, people(count)))).toEqual([1, 1, 2, 2]);
  });

  it('opens what both of two gave', () => {
    const subject = {
      kind: 'scope',
      paths: ['docs/**'],
      hosts: ['a.example'],
      commands: [],
    } as never as ApprovalSubject;
    const first = { kind: 'scope' as const, paths: ['docs/a.md'], hosts: ['a.example'], commands: [] };
    expect(grantedOf(subject, null, first)).toEqual({ granted: first });
    const other = { ...first, paths: ['docs/b.md'] };
    expect(grantedOf(subject, other, first)).toEqual({ granted: { ...first, paths: [] } });
    expect(grantedOf(subject, { ...other, hosts: [] }, first)).toHaveProperty('problem');
  });
});

describe('a CODEOWNERS file', () => {
  const owners = readCodeOwners(
    '# words\n* @acme/core\n/db/ dba@example.com # them\n*.sql sql@example.com\napps/web @acme/web lead@example.com\ndocs/*  d@example.com\n/none/\n!bad x@example.com\n',
  );
  it.each([
    ['src/a.js', ['@acme/core']],
    ['db/migrations/1.txt', ['dba@example.com']],
    ['db/1.sql', ['sql@example.com']],
    ['apps/web/a.ts', ['@acme/web', 'lead@example.com']],
    ['docs/a.md', ['d@example.com']],
    ['docs/deep/a.md', ['@acme/core']],
    ['none/a', []],
  ])('says who owns %s', (path, expected) => expect(owners(path)).toEqual(expected));

  it('names people by address and teams by name', () => {
    expect(ownerKey('Dba@Example.com')).toEqual({ email: 'dba@example.com' });
    expect(ownerKey('@acme/Core')).toEqual({ team: 'core' });
    expect(ownerKey('@somebody')).toBeNull();
  });
});
