import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { admitSignIn, clientOf } from './limit-sign-in.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const start = Date.parse('2026-11-24T10:00:00Z');
const ask = (email: string, client: string, seconds = 0) =>
  admitSignIn({ system: tested.database.system, now: new Date(start + seconds * 1000) }, { email, client });

describe('sign-in mails', () => {
  it('to one address are five in 15 minutes; what was refused does not prolong it', async () => {
    for (let n = 0; n < 5; n += 1) expect(await ask('a@example.com', `10.0.0.${n}`, n)).toBe(true);
    for (let n = 0; n < 9; n += 1) expect(await ask('A@example.com ', '10.0.0.9', 600 + n)).toBe(false);
    expect(await ask('a@example.com', '10.0.0.9', 900)).toBe(true);
  });

  it('for one client are thirty, over all addresses', async () => {
    for (let n = 0; n < 30; n += 1) expect(await ask(`b${n}@example.com`, '10.1.1.1', 2_000)).toBe(true);
    expect(await ask('b30@example.com', '10.1.1.1', 2_001)).toBe(false);
    expect(await ask('b30@example.com', '10.1.1.2', 2_001)).toBe(true);
  });

  it('for programs on this machine are limited by address alone', async () => {
    for (let n = 0; n < 40; n += 1) expect(await ask(`c${n}@example.com`, '127.0.0.1', 4_000)).toBe(true);
  });
});

describe('clientOf', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['1.2.3.4, 203.0.113.7', '203.0.113.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['nonsense', 'unknown'],
    [null, 'unknown'],
  ])('%s is %s', (header, client) => {
    expect(clientOf(new Headers(header === null ? {} : { 'x-forwarded-for': header }))).toBe(client);
  });
});
