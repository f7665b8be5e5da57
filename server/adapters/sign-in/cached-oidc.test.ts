import { expect, it } from 'vitest';
import type { OidcAnswer } from '../../domain/ports/find-oidc.ts';
import { cachedOidc } from './cached-oidc.ts';

const found: OidcAnswer = {
  kind: 'found',
  places: {
    ...{ issuer: 'https://a.example', authorization: 'x', token: 'x', userinfo: null, jwks: 'x' },
    ...{ signing: 'RS256', clientAuth: 'client_secret_basic' },
  },
};

function counted(answer: OidcAnswer) {
  let [calls, at] = [0, 0];
  const find = cachedOidc(async () => ((calls += 1), answer), { now: () => at });
  return { find, calls: () => calls, pass: (ms: number) => void (at += ms) };
}

it('a thousand people who sign in at once, and those of the next minutes, make one call', async () => {
  const { find, calls, pass } = counted(found);
  await Promise.all(Array.from({ length: 1_000 }, () => find('https://a.example', false)));
  pass(9 * 60_000);
  expect(await find('https://a.example', false)).toEqual(found);
  expect(calls()).toBe(1);
  pass(61_000);
  await find('https://a.example', false);
  expect(calls()).toBe(2);
});

it('a provider that does not answer is left alone for half a minute', async () => {
  const { find, calls, pass } = counted({ kind: 'unusable', why: 'x' });
  for (let n = 0; n < 100; n += 1) await find('https://a.example', false);
  expect(calls()).toBe(1);
  pass(30_001);
  await find('https://a.example', false);
  expect(calls()).toBe(2);
});

it('what the operator may call is not what a tenant may', async () => {
  const { find, calls } = counted(found);
  await find('https://a.example', true);
  await find('https://a.example', false);
  expect(calls()).toBe(2);
});
