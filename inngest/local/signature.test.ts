import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { registrationBearer, sameText, signBody, verifyBody } from './signature.ts';

const signingKey = `signkey-prod-${'0a1b'.repeat(8)}`;
const now = new Date('2026-01-01T00:00:00.400Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

describe('signature', () => {
  test('is an HMAC of body and time under the digits of the key as text', () => {
    const seconds = '1767225600';
    const expected = createHmac('sha256', '0a1b'.repeat(8)).update(`{"a":1}${seconds}`).digest('hex');
    expect(signBody('{"a":1}', signingKey, now)).toBe(`t=${seconds}&s=${expected}`);
  });

  const good = signBody('body', signingKey, now);
  test.each([
    ['as sent', 'body', good, now, true],
    ['almost five minutes later', 'body', good, later(299), true],
    ['almost five minutes early', 'body', good, later(-299), true],
    ['more than five minutes later', 'body', good, later(301), false],
    ['more than five minutes early', 'body', good, later(-301), false],
    ['another body', 'bodY', good, now, false],
    ['no header', 'body', undefined, now, false],
    ['an empty header', 'body', '', now, false],
    ['no time', 'body', good.replace(/t=\d+&/, ''), now, false],
    ['another time', 'body', good.replace('t=1767225600', 't=1767225601'), now, false],
    ['a time that is no number', 'body', good.replace('t=1767225600', 't=1767225600x'), now, false],
    ['a short mac', 'body', good.slice(0, -1), now, false],
    ['no mac', 'body', 't=1767225600&s=', now, false],
  ] as const)('%s', (...[, body, header, at, valid]) => {
    expect(verifyBody(body, header, { signingKey, now: at })).toBe(valid);
  });

  test('another key does not verify', () => {
    expect(verifyBody('body', good, { signingKey: `signkey-prod-${'00'.repeat(16)}`, now })).toBe(false);
  });
});

test('the bearer of a registration hashes the decoded key and keeps its prefix', () => {
  expect(registrationBearer('signkey-test-00ff')).toBe(
    // sha256 of the two bytes 00 ff
    'Bearer signkey-test-06eb7d6a69ee19e5fbdf749018d3d2abfa04bcbd1365db312eb86dc7169389b8',
  );
});

test.each([
  ['', '', true],
  ['a', 'a', true],
  ['a', 'b', false],
  ['a', 'aa', false],
])('%j is the same as %j: %s', (a, b, same) => expect(sameText(a, b)).toBe(same));
