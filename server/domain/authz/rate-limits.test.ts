import { describe, expect, it } from 'vitest';
import { isKey, keyPrefix, keyScopes } from './key-scopes.ts';
import { rateHeaders, ratesPerMinute, rateStanding } from './rate-limits.ts';
import { can } from './scopes.ts';

describe('where a caller stands', () => {
  const at = { now: 61_500, windowStart: 60_000 };
  it('is told by the tightest limit', () => {
    const { standing, passed } = rateStanding(
      [
        { kind: 'key', count: 10 },
        { kind: 'org', count: ratesPerMinute.org - 3 },
      ],
      at,
    );
    expect(standing).toEqual({ limit: ratesPerMinute.org, remaining: 3, resetSeconds: 59 });
    expect(passed).toBe(false);
    expect(rateHeaders(standing, passed)).toEqual({
      'ratelimit-limit': String(ratesPerMinute.org),
      'ratelimit-remaining': '3',
      'ratelimit-reset': '59',
    });
  });

  it('the last call that fits is let through, the next is not', () => {
    const of = (count: number) => rateStanding([{ kind: 'key', count }], at);
    expect(of(ratesPerMinute.key)).toMatchObject({ passed: false, standing: { remaining: 0 } });
    expect(of(ratesPerMinute.key + 1)).toMatchObject({ passed: true, standing: { remaining: 0 } });
    expect(rateHeaders(of(ratesPerMinute.key + 1).standing, true)).toMatchObject({ 'retry-after': '59' });
  });
});

describe('keys', () => {
  it('can be given nothing that a member may not do or only read, and no decision', () => {
    for (const scope of keyScopes)
      expect([scope, can('member', scope) || can('auditor', scope)]).toEqual([scope, true]);
    for (const never of ['approvals:decide', 'members:manage', 'org:configure', 'org:own', 'repos:connect']) {
      expect(keyScopes).not.toContain(never);
    }
  });

  it('are known by their shape', () => {
    const key = `flt_AbCd1234_${'x'.repeat(43)}`;
    expect([isKey(key), keyPrefix(key)]).toEqual([true, 'flt_AbCd1234']);
    for (const bad of [key.slice(0, -1), `${key}x`, key.toUpperCase(), `${key}\n`, '']) expect(isKey(bad)).toBe(false);
  });
});
