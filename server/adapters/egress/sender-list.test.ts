import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideNetwork } from '../../domain/network/decide-network.ts';
import { networkPolicy } from '../../domain/network/network-policy.ts';
import { readHost } from '../../domain/network/read-host.ts';
import { senderList } from './sender-list.ts';

const part = fc.constantFrom('a', 'b', 'test', 'a-b');
const host = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
const path = fc
  .array(fc.constantFrom('a', 'b', 'a b', '..', '.', '', '%2e%2e', 'x;y', 'c*', 'é'), { maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
const rule = fc.record(
  {
    host: fc.oneof(
      host,
      host.map((name) => `*.${name}`),
    ),
    ports: fc.uniqueArray(fc.constantFrom(80, 443, 8080), { minLength: 1 }),
    methods: fc.uniqueArray(fc.constantFrom('GET' as const, 'POST' as const), { minLength: 1 }),
    paths: fc.array(fc.constantFrom('/a', '/a/*', '/b/a', '/*'), { minLength: 1 }),
  },
  { requiredKeys: ['host', 'ports'] },
);
const policy = fc.record({
  rules: fc.array(rule, { maxLength: 3 }),
  registries: fc.uniqueArray(fc.constantFrom('npm' as const, 'pypi' as const)),
});
const request = fc.oneof(fc.constant(null), fc.record({ method: fc.constantFrom('GET', 'POST', 'get', 'PUT'), path }));

describe('the list of the sender', () => {
  it('holds nothing that the rules refuse, and what they let go in its plain form', () => {
    const asked = fc.record({
      policy,
      host: fc.oneof(host, fc.constant('registry.npmjs.org')),
      port: fc.constantFrom(80, 443),
      request,
    });
    fc.assert(
      fc.property(asked, (one) => {
        const rules = networkPolicy.parse(one.policy);
        if (!readHost(one.host).ok) return;
        const { allowed } = decideNetwork(rules, one);
        const { method, path: target } = one.request ?? { method: null, path: null };
        const listed = senderList(rules, {})({ host: one.host, port: one.port, method, path: target });
        if (!allowed) expect(listed).toBe(false);
        const isPlain = target === null || /^(?:\/[a-z]+)+\/?$/u.test(target);
        if (allowed && isPlain) expect(listed).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows mirrors', () => {
    const list = senderList({ registries: ['npm'], rules: [] }, { npm: 'http://mirror.test:4873/' });
    const at = (where: string, port: number) => list({ host: where, port, method: 'GET', path: '/x' });
    expect([at('mirror.test', 4873), at('registry.npmjs.org', 443), at('mirror.test', 443)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
