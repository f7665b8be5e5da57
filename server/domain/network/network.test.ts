import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNetwork, matchesHost, needsSight, type NetworkAction } from './decide-network.ts';
import { networkPolicy } from './network-policy.ts';
import { readAuthority, readHost } from './read-host.ts';

const policy = (rules: unknown[], registries: string[] = []) => networkPolicy.parse({ rules, registries });
const ask = (host: string, more: Partial<NetworkAction> = {}): NetworkAction => ({
  host,
  port: 443,
  request: { method: 'GET', path: '/' },
  ...more,
});
const allowed = (...args: Parameters<typeof decideNetwork>) => decideNetwork(...args).allowed;

describe('a host as it is written', () => {
  it.each(['example.com', 'EXAMPLE.com', 'a.b-c.d9', 'xn--mnchen-3ya.de', 'localhost', '1and1.com'])(
    '%s is a name',
    (host) => expect(readHost(host)).toEqual({ ok: true, host: host.toLowerCase() }),
  );

  it.each([
    '',
    'example.com.',
    'example.com\0',
    'example.com\0.evil.com',
    'exa mple.com',
    'example.com\n',
    'user@example.com',
    'example.com@evil.com',
    'example..com',
    '.example.com',
    '-a.com',
    'a_b.com',
    'exämple.com',
    'ехample.com',
    'example。com',
    'example%2ecom',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0x7f000001',
    '017700000001',
    'example.0x',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '::1',
    'example.com:443',
    'example.com/x',
    'example.com#',
    'example.com?',
    'example.com\\@evil.com',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(127)}com`,
  ])('%j is refused', (host) => expect(readHost(host).ok).toBe(false));

  it('gives names that no URL parser reads as something else', () =>
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.domain(), fc.ipV4(), fc.ipV6()), (text) => {
        const read = readHost(text);
        if (read.ok) expect(new URL(`http://${read.host}/`).hostname).toBe(read.host);
      }),
      { numRuns: 3000 },
    ));

  it.each(['a.com:0', 'a.com:65536', 'a.com:', 'a.com:+1', 'a.com:1e3', 'a.com:080', 'a.com:1:2', '[::1]:80', ':80'])(
    'the authority %s is refused',
    (text) => expect(readAuthority(text, 80).ok).toBe(false),
  );

  it('a port is taken as written, or the default, or missed', () => {
    expect(readAuthority('a.com:8080', 80)).toEqual({ ok: true, host: 'a.com', port: 8080 });
    expect(readAuthority('a.com', 80)).toEqual({ ok: true, host: 'a.com', port: 80 });
    expect(readAuthority('a.com', null).ok).toBe(false);
  });
});

describe('a decision', () => {
  it('nothing named, nothing reached', () =>
    fc.assert(
      fc.property(fc.domain(), fc.integer({ min: 1, max: 65_535 }), (host, port) => {
        expect(allowed(policy([]), ask(host, { port }))).toBe(false);
        expect(allowed(policy([]), ask(host, { port, request: null }))).toBe(false);
      }),
    ));

  it('an exact rule opens its host at its port, and no name that only looks like it', () => {
    const rules = policy([{ host: 'example.com' }]);
    expect(allowed(rules, ask('example.com'))).toBe(true);
    expect(allowed(rules, ask('example.com', { request: null }))).toBe(true);
    for (const host of ['evil-example.com', 'example.com.evil.com', 'a.example.com', 'example.co', 'xexample.com']) {
      expect(allowed(rules, ask(host)), host).toBe(false);
    }
    expect(allowed(rules, ask('example.com', { port: 80 }))).toBe(false);
  });

  it('a wildcard opens what is below a name, never the name or a suffix of letters', () =>
    fc.assert(
      fc.property(fc.domain(), fc.domain(), (name, other) => {
        const pattern = `*.${name.toLowerCase()}`;
        expect(matchesHost(pattern, name.toLowerCase())).toBe(false);
        expect(matchesHost(pattern, `evil${name.toLowerCase()}`)).toBe(false);
        expect(matchesHost(pattern, `evil-${name.toLowerCase()}`)).toBe(false);
        expect(matchesHost(pattern, `x.${name.toLowerCase()}`)).toBe(true);
        expect(matchesHost(pattern, `${name.toLowerCase()}.${other.toLowerCase()}`)).toBe(
          `.${other.toLowerCase()}`.endsWith(`.${name.toLowerCase()}`),
        );
      }),
    ));

  it('more rules never close what fewer opened', () => {
    const rule = fc.record({ host: fc.constantFrom('a.com', '*.a.com', 'b.com'), ports: fc.constant([443]) });
    fc.assert(
      fc.property(
        fc.array(rule),
        fc.array(rule),
        fc.constantFrom('a.com', 'x.a.com', 'b.com', 'c.com'),
        (some, more, host) => {
          if (allowed(policy(some), ask(host))) expect(allowed(policy([...some, ...more]), ask(host))).toBe(true);
        },
      ),
    );
  });

  it('methods and paths bind, and open no tunnel', () => {
    const rules = policy([{ host: 'api.com', methods: ['GET', 'POST'], paths: ['/v1/*', '/health'] }]);
    const of = (method: string, path: string) => allowed(rules, ask('api.com', { request: { method, path } }));
    expect([of('GET', '/v1/x?y=/../'), of('POST', '/health'), of('GET', '/v1/')]).toEqual([true, true, true]);
    expect([of('DELETE', '/v1/x'), of('GET', '/health/x'), of('GET', '/v1'), of('get', '/v1/x')]).toEqual(
      Array(4).fill(false),
    );
    for (const path of [
      '/v1/../admin',
      '/v1/./x',
      '/v1//x',
      '/v1/%2e%2e/admin',
      '/v1/..%2fadmin',
      '/v1/..;/admin',
      '/v1/\\..',
    ]) {
      expect(of('GET', path), path).toBe(false);
    }
    expect(allowed(rules, ask('api.com', { request: null }))).toBe(false);
    expect(needsSight(rules, { host: 'api.com', port: 443 })).toBe(true);
    expect(needsSight(rules, { host: 'api.com', port: 80 })).toBe(false);
    expect(needsSight(policy([{ host: 'api.com' }]), { host: 'api.com', port: 443 })).toBe(false);
  });

  it('registries go by name, and a mirror takes their place', () => {
    const rules = policy([], ['npm', 'debian']);
    expect(allowed(rules, ask('registry.npmjs.org', { request: null }))).toBe(true);
    expect(allowed(rules, ask('deb.debian.org', { port: 80 }))).toBe(true);
    expect(allowed(rules, ask('pypi.org'))).toBe(false);
    const mirrors = { npm: 'http://nexus.corp:8081/repository/npm' };
    expect(allowed(rules, ask('registry.npmjs.org'), mirrors)).toBe(false);
    expect(allowed(rules, ask('nexus.corp', { port: 8081 }), mirrors)).toBe(true);
  });

  it('says which rule spoke', () => {
    const rules = policy([{ host: 'api.com', methods: ['GET'] }], ['npm']);
    expect(decideNetwork(rules, ask('api.com')).rule).toBe('GET api.com:443');
    expect(decideNetwork(rules, ask('registry.npmjs.org')).rule).toBe('registry npm');
    expect(decideNetwork(rules, ask('c.com')).rule).toBe('no rule opens c.com:443');
    expect(decideNetwork(rules, ask('api.com', { request: null })).rule).toContain('do not open');
  });
});

it.each([
  'Example.com',
  'example.com.',
  '*',
  '*.',
  '*.*.com',
  '1.2.3.4',
  '[::1]',
  'a b',
  'http://a.com',
  'a.com:80',
  'a*b.com',
])('the rule host %j is refused', (host) => expect(networkPolicy.safeParse({ rules: [{ host }] }).success).toBe(false));
