import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { registrationBearer, signBody } from './signature.ts';
import { atEnd, ownDatabase, ownEngine, rig } from './testing/fixture.ts';
import { keys, startWorker, testClient, until } from './testing/rig.ts';

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(url, { method: 'POST', headers, body });

describe('the engine lets in', () => {
  test('no event without the event key, and none it cannot read', async () => {
    const { engine, rows } = await rig((app) => [
      app.createFunction({ id: 'f', triggers: { event: 'f/asked' } }, () => 1),
    ]);
    const event = JSON.stringify({ name: 'f/asked' });
    const own = `${engine.url}/e/${keys.eventKey}`;
    const tries: [string, string, number][] = [
      [`${engine.url}/e/wrong`, event, 401],
      [`${engine.url}/e/`, event, 401],
      [own, 'not json', 400],
      [own, '"text"', 400],
      [own, '{"data":{}}', 400],
      [own, '{"name":"a\\u0000b"}', 400],
      [own, '{"name":"inngest/scheduled.timer"}', 400],
      [own, `{"name":"f/asked","data":{"big":"${'x'.repeat(2 ** 24)}"}}`, 413],
      [`${engine.url}/e/%zz`, event, 401],
      [`${engine.url}//`, '', 404],
      [`${engine.url}/v1/runs`, '', 404],
    ];
    for (const [url, body, status] of tries) {
      const response = await post(url, body);
      expect([body.slice(0, 40), response.status]).toEqual([body.slice(0, 40), status]);
      expect(await response.json()).toMatchObject({ status, error: expect.any(String) });
    }
    expect(await rows.runs()).toEqual([]);
  });

  test('no registration without the signing key', async () => {
    const { url, rows } = await ownDatabase();
    const engine = await ownEngine(url);
    const body = JSON.stringify({ appName: 'fleet', functions: [] });
    const stranger = registrationBearer(`signkey-test-${'00'.repeat(32)}`);
    for (const authorization of ['', 'Bearer', `Bearer ${keys.signingKey}`, stranger]) {
      expect((await post(`${engine.url}/fn/register`, body, { authorization })).status).toBe(401);
    }
    const authorization = registrationBearer(keys.signingKey);
    const empty = await post(`${engine.url}/fn/register`, body, { authorization });
    expect(empty.status).toBe(400);
    expect((await rows.pool.query('select from engine.function')).rowCount).toBe(0);
  });
});

describe('the worker lets in', () => {
  test('no call that is unsigned, tampered with, too old, or signed with another key', async () => {
    let ran = 0;
    const { worker } = await rig((app) => [
      app.createFunction({ id: 'guarded', triggers: { event: 'guarded/asked' } }, () => ++ran),
    ]);
    const body = JSON.stringify({
      ctx: { attempt: 0, run_id: 'r' },
      event: { data: {}, name: 'x' },
      events: [],
      steps: {},
      version: 2,
    });
    const call = (signature?: string, sent = body) =>
      post(
        `${worker.url}?fnId=fleet-guarded&stepId=step`,
        sent,
        signature === undefined ? {} : { 'x-inngest-signature': signature },
      );
    const now = new Date();
    const good = signBody(body, keys.signingKey, now);
    expect((await call()).status).toBe(401);
    expect((await call(good, body.replace('"r"', '"s"'))).status).toBe(401);
    expect((await call(signBody(body, keys.signingKey, new Date(now.getTime() - 400_000)))).status).toBe(401);
    expect((await call(signBody(body, `signkey-test-${'00'.repeat(32)}`, now))).status).toBe(401);
    expect(ran).toBe(0);
    expect((await call(good)).status).toBe(200);
    expect(ran).toBe(1);
  });

  test('no unsigned call in development mode either, because there is none', async () => {
    vi.stubEnv('INNGEST_DEV', '1');
    atEnd(async () => vi.unstubAllEnvs());
    const { worker, registered } = await rig((app) => [
      app.createFunction({ id: 'strict', triggers: { event: 'strict/asked' } }, () => 1),
    ]);
    expect(registered.status).toBe(200);
    expect((await post(`${worker.url}?fnId=fleet-strict&stepId=step`, '{}')).status).toBe(401);
  });
});

describe('the engine believes', () => {
  /** Stands where the worker stood and answers what it likes. */
  const impostor = async (port: number, signature: (body: string) => string | null) => {
    const body = '"forged"';
    const seen = { calls: 0 };
    const server = http.createServer((request, response) => {
      seen.calls++;
      request.resume();
      const header = signature(body);
      response.writeHead(200, header === null ? {} : { 'x-inngest-signature': header });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    return { seen, close, port: (server.address() as AddressInfo).port };
  };

  test.each<[string, (body: string) => string | null]>([
    ['unsigned', () => null],
    ['signed with another key', (body) => signBody(body, `signkey-test-${'00'.repeat(32)}`, new Date())],
    ['signed for another body', () => signBody('"other"', keys.signingKey, new Date())],
    ['signed long ago', (body) => signBody(body, keys.signingKey, new Date(Date.now() - 400_000))],
  ])('no answer that is %s: it asks again until the real worker answers', async (_, signature) => {
    const { client, engine, rows, worker } = await rig((app) => [
      app.createFunction({ id: 'real', retries: 0, triggers: { event: 'real/asked' } }, () => 'genuine'),
    ]);
    await worker.crash();
    const double = await impostor(worker.port, signature);
    await client.send({ name: 'real/asked' });
    await until(() => double.seen.calls > 2, 'several tries');
    expect(await rows.runs()).toMatchObject([{ status: 'active' }]);
    const health = (await (await fetch(`${engine.url}/health`)).json()) as { worker: unknown };
    expect(health.worker).toMatchObject({
      reachable: false,
      why: expect.stringContaining('without a valid signature'),
    });
    await double.close();
    const next = testClient(engine.url);
    const functions = [
      next.createFunction({ id: 'real', retries: 0, triggers: { event: 'real/asked' } }, () => 'genuine'),
    ];
    const back = await startWorker(next, functions, worker.port);
    atEnd(() => back.crash());
    expect(await rows.ended('real')).toMatchObject([{ status: 'completed', output: 'genuine' }]);
  });

  test('a worker with another key is told apart from one that is down', async () => {
    const { client, engine, worker } = await rig((app) => [
      app.createFunction({ id: 'other', triggers: { event: 'other/asked' } }, () => 1),
    ]);
    await worker.crash();
    const refusing = http.createServer((_, response) => response.writeHead(401).end('{}'));
    await new Promise<void>((resolve) => refusing.listen(worker.port, '127.0.0.1', resolve));
    atEnd(async () => refusing.close());
    const status = async () => {
      const health = (await (await fetch(`${engine.url}/health`)).json()) as { worker: { why: string | null } };
      return health.worker.why;
    };
    await client.send({ name: 'other/asked' });
    expect(await until(status, 'a reason')).toContain('same INNGEST_SIGNING_KEY');
    refusing.closeAllConnections();
  });
});
