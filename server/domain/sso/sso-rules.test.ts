import { describe, expect, it } from 'vitest';
import { domainOf, isMailDomain, isPublicMail } from './mail-domain.ts';
import { orgOfSsoPath, ssoPath, whyNotSso, type Claims } from './sso-rules.ts';

const claims: Claims = { sub: '1', email: 'ann@acme.example', emailVerified: true, name: null };
const domains = ['acme.example'];

describe('whom an org’s identity provider signs in', () => {
  it.each([
    ['a new person of a proven domain', claims, null, null],
    ['who has an account with that address', claims, { email: 'ann@acme.example', otherIdentity: false }, null],
    ['who was renamed within the domain', claims, { email: 'ann.old@acme.example', otherIdentity: false }, null],
    ['an address that is not verified', { ...claims, emailVerified: false }, null, 'SsoUnverified'],
    ['no address', { ...claims, email: null }, null, 'SsoUnverified'],
    ['an address elsewhere', { ...claims, email: 'eve@other.example' }, null, 'SsoDomain'],
    ['an address of a name below the domain', { ...claims, email: 'eve@x.acme.example' }, null, 'SsoDomain'],
    ['somebody whose account is elsewhere', claims, { email: 'ann@other.example', otherIdentity: false }, 'SsoDomain'],
    ['an address that another identity has', claims, { email: 'ann@acme.example', otherIdentity: true }, 'SsoOther'],
  ] as const)('%s', (_who, given, person, refusal) => {
    expect(whyNotSso({ claims: given, domains, person })).toBe(refusal);
  });

  it('nobody before a domain is proven', () => {
    expect(whyNotSso({ claims, domains: [], person: null })).toBe('SsoDomain');
  });
});

describe('names', () => {
  it('of a provider lead to its org and nothing else does', () => {
    const orgId = `org_${'0'.repeat(32)}`;
    expect(orgOfSsoPath(ssoPath(orgId))).toBe(orgId);
    for (const other of ['github', 'email', `sso-${orgId}x`, 'sso-', `SSO-${orgId}`])
      expect(orgOfSsoPath(other)).toBeNull();
  });

  it.each(['acme.example', 'a-b.co.uk', 'xn--bcher-kva.example'])('%s can be a domain of mail', (name) => {
    expect(isMailDomain(name)).toBe(true);
  });
  it.each(['localhost', 'acme', '127.0.0.1', 'acme.example.', '*.acme.example', 'a b.example', '-a.example', ''])(
    '%s can not',
    (name) => expect(isMailDomain(name)).toBe(false),
  );

  it('of public mail are known', () => {
    for (const name of ['gmail.com', 'yahoo.co.uk', 'hotmail.fr']) expect(isPublicMail(name)).toBe(true);
    for (const name of ['acme.example', 'notgmail.com']) expect(isPublicMail(name)).toBe(false);
    expect(domainOf('"a@b"@Acme.Example')).toBe('acme.example');
  });
});
