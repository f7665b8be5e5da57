import { expect, it } from 'vitest';
import { everybodyMakesOrgs, maySignUp, type SignUpPolicy } from './sign-up.ts';

const domains: SignUpPolicy = { kind: 'domains', domains: ['example.com'] };

it.each<[SignUpPolicy, string, { stranger: boolean; awaited: boolean }]>([
  [{ kind: 'open' }, 'a@elsewhere.example', { stranger: true, awaited: true }],
  [domains, 'a@example.com', { stranger: true, awaited: true }],
  [domains, 'a@sub.example.com', { stranger: false, awaited: true }],
  [domains, 'a@example.com.evil.example', { stranger: false, awaited: true }],
  [domains, 'example.com@elsewhere.example', { stranger: false, awaited: true }],
  [{ kind: 'invited' }, 'a@example.com', { stranger: false, awaited: true }],
  [{ kind: 'closed' }, 'a@example.com', { stranger: false, awaited: false }],
])('%j lets %s in as %j', (policy, email, { stranger, awaited }) => {
  expect(maySignUp(policy, { email, awaited: false })).toBe(stranger);
  expect(maySignUp(policy, { email, awaited: true })).toBe(awaited);
});

it('guests make no orgs', () => {
  const kinds: SignUpPolicy[] = [{ kind: 'open' }, domains, { kind: 'invited' }, { kind: 'closed' }];
  expect(kinds.map(everybodyMakesOrgs)).toEqual([true, true, false, false]);
});
