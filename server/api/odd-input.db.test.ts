import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openListener, type Listener } from '../db/listen.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeOrg, type TestOrg } from '../testing/factories.ts';
import { serve, type Served } from './testing/serve.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { testWeb, type TestWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let listener: Listener;
let served: Served;
let web: TestWeb;
let org: TestOrg;
let headers: Record<string, string>;
beforeAll(async () => {
  tested = await testDatabase();
  listener = openListener(tested.appUrl);
  served = await serve((publicUrl) => (web = testWeb({ database: tested.database, listener, publicUrl })));
  org = await makeOrg(tested.database);
  const cookie = await signedInCookie(tested.database, org.owner.userId);
  headers = { cookie, origin: served.url, 'content-type': 'application/json' };
});
afterAll(async () => {
  await served.close();
  await listener.close();
});

const post = async (path: string, body: string) => {
  const response = await fetch(`${served.url}/api/trpc/${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
};
const polluted = () => ({}) as { operator?: unknown; role?: unknown };

describe('what would change every object of the process', () => {
  it.each([
    ['a field __proto__', '{"json":{"org":"$","name":"x","__proto__":{"operator":true}}}'],
    ['a field constructor', '{"json":{"org":"$","name":"x","constructor":{"prototype":{"operator":true}}}}'],
    [
      'a path of superjson through __proto__',
      '{"json":{"org":"$","name":"x","operator":true},"meta":{"values":{"__proto__.operator":["Date"]}}}',
    ],
    [
      'a path through constructor.prototype',
      '{"json":{"org":"$","name":"x"},"meta":{"values":{"constructor.prototype.operator":["undefined"]}}}',
    ],
    [
      'an equality with __proto__',
      '{"json":{"org":"$","name":{"operator":true}},"meta":{"referentialEqualities":{"name":["__proto__"]}}}',
    ],
    ['a class that is not known', '{"json":{"org":"$","name":"x"},"meta":{"values":{"name":[["class","Function"]]}}}'],
  ])('%s is refused or ignored', async (_name, body) => {
    const { status, text } = await post('orgs.rename', body.replace('$', org.slug));
    expect([200, 400]).toContain(status);
    expect(polluted().operator).toBeUndefined();
    expect(polluted().role).toBeUndefined();
    expect(text).not.toMatch(/stack|node_modules|prisma/i);
    expect(web.reported).toEqual([]);
  });
});

describe('too much at once', () => {
  it('10,000 calls in one batch are refused, and none of them is done', async () => {
    const paths = Array.from({ length: 10_000 }, () => 'orgs.rename').join(',');
    const input = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [n, { json: { org: org.slug, name: `n${n}` } }]),
    );
    const nameNow = () => tested.admin('select name from org where id = $1', [org.orgId]);
    const before = await nameNow();
    const { status } = await post(`${paths}?batch=1`, JSON.stringify(input)).catch(() => ({ status: 431 }));
    expect([400, 413, 414, 431]).toContain(status);
    expect(await nameNow()).toEqual(before);
  });

  it('10,000 items in one field are refused', async () => {
    const acceptance = Array.from({ length: 10_000 }, (_, n) => `criterion ${n}`);
    const task = { org: org.slug, repoId: 'rep_x', title: 't', body: '', acceptance, scope: ['**'] };
    expect((await post('tasks.create', JSON.stringify({ json: task }))).status).toBe(400);
  });

  it('10,000 brackets deep is no reason to fail', async () => {
    const deep = `{"json":{"org":"${org.slug}","name":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`;
    const { status, text } = await post('orgs.rename', deep);
    expect(status).toBe(400);
    expect(text).not.toMatch(/stack|node_modules/i);
  });
});
