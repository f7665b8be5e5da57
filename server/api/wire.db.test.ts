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
let cookie: string;

beforeAll(async () => {
  tested = await testDatabase();
  listener = openListener(tested.appUrl);
  served = await serve((publicUrl) => (web = testWeb({ database: tested.database, listener, publicUrl })));
  org = await makeOrg(tested.database);
  cookie = await signedInCookie(tested.database, org.owner.userId);
});
afterAll(async () => {
  await served.close();
  await listener.close();
});

type Answer = { status: number; text: string; error: { message: string; data: Record<string, unknown> } };

async function ask(path: string, init: RequestInit & { input?: unknown } = {}): Promise<Answer> {
  const address = new URL(`${served.url}/api/trpc/${path}`);
  const isPost = init.method === 'POST';
  if (!isPost && init.input !== undefined) address.searchParams.set('input', JSON.stringify({ json: init.input }));
  const response = await fetch(address, {
    ...init,
    headers: { cookie, 'content-type': 'application/json', ...init.headers },
    ...(isPost && init.body === undefined ? { body: JSON.stringify({ json: init.input ?? null }) } : {}),
  });
  const text = await response.text();
  const parsed = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {};
  return { status: response.status, text, error: parsed.error?.json };
}

const post = (path: string, input: unknown, headers: Record<string, string> = { origin: served.url }) =>
  ask(path, { method: 'POST', input, headers });

describe('what a client is told', () => {
  it.each([{ body: 'a\0b' }, { acceptance: ['fine', '\0'] }])(
    'of text with a NUL in it, wherever: %j',
    async (over) => {
      const task = { org: org.slug, repoId: 'rep_x', title: 't', body: '', acceptance: [], scope: ['**'], ...over };
      const { status, error } = await post('tasks.create', task);
      expect(status).toBe(400);
      expect(error.message).toContain('NUL character');
    },
  );

  it('of an error of his own: our code, a sentence, no stack', async () => {
    const { status, error, text } = await ask('runs.get', { input: { org: org.slug, runId: 'run_x' } });
    expect(status).toBe(404);
    expect(error.message).toBe('There is no such run in this org.');
    expect(error.data).toEqual({
      code: 'NOT_FOUND',
      httpStatus: 404,
      path: 'runs.get',
      appCode: 'not_found',
      detail: {},
    });
    expect(text).not.toContain('stack');
  });

  it('of wrong input: the field and what is wrong with it', async () => {
    const { status, error } = await post('orgs.create', { name: '' });
    expect(status).toBe(400);
    expect(error).toMatchObject({ message: 'name: Give the org a name.', data: { appCode: 'invalid_input' } });
  });

  it('of a failure of ours: nothing of its text, which goes to the operator', async () => {
    await tested.admin('alter table task rename to task_elsewhere');
    const { status, error, text } = await ask('tasks.list', { input: { org: org.slug } });
    await tested.admin('alter table task_elsewhere rename to task');
    expect(status).toBe(500);
    expect(error.message).toMatch(/^Something failed on the server/);
    expect(error.data).toMatchObject({ appCode: null, detail: null });
    expect(text).not.toMatch(/task_elsewhere|relation|prisma/i);
    expect(web.reported.length).toBeGreaterThan(0);
  });
});

describe('what is not taken', () => {
  it('a post without Origin, or with another one', async () => {
    for (const headers of [{}, { origin: 'https://evil.example.com' }]) {
      const { status, error } = await post('orgs.create', { name: 'Taken over' }, headers as Record<string, string>);
      expect([status, error.data['appCode']]).toEqual([403, 'forbidden']);
    }
  });

  it('a mutation by GET', async () => {
    expect((await ask('orgs.create', { input: { name: 'By GET' } })).status).toBe(405);
  });

  it('a form post, which needs no permission of the browser', async () => {
    const body = JSON.stringify({ json: { name: 'By form' } });
    const headers = { 'content-type': 'text/plain', origin: served.url };
    expect((await ask('orgs.create', { method: 'POST', body, headers })).status).toBe(415);
  });

  it('more than a million bytes', async () => {
    const body = JSON.stringify({ json: { name: 'x'.repeat(1_100_000) } });
    expect((await ask('orgs.create', { method: 'POST', body, headers: { origin: served.url } })).status).toBe(413);
  });

  it('more than twenty calls at once', async () => {
    const paths = Array.from({ length: 21 }, () => 'me.get').join(',');
    const address = `${served.url}/api/trpc/${paths}?batch=1&input=${encodeURIComponent('{}')}`;
    const response = await fetch(address, { headers: { cookie } });
    expect(response.status).toBe(400);
  });

  it('a cookie that is nobody’s', async () => {
    const { status, error } = await ask('me.get', { headers: { cookie: 'next-auth.session-token=x' } });
    expect([status, error.data['appCode']]).toEqual([401, 'not_signed_in']);
  });
});
