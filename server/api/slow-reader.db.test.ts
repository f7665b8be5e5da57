import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { appendRunEvents } from '../db/append-event.ts';
import type { TestDatabase } from '../testing/database.ts';
import { makeRunWithAll } from '../testing/factories.ts';
import { sseBody } from './sse-body.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { openSse } from './testing/sse.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const events = 32;
const text = 'x'.repeat(200_000);

async function fill({ org, runId }: Awaited<ReturnType<typeof makeRunWithAll>>) {
  const actor = { type: 'system' as const, reason: 'test' };
  const event = { kind: 'message.added' as const, payload: { source: 'platform' as const, text } };
  for (let n = 0; n < events / 4; n += 1) {
    const append = { orgId: org.orgId, runId, generation: 0, actor, at: new Date(), events: Array(4).fill(event) };
    await appendRunEvents(org.db, append);
  }
}

const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

describe('readers of one run', () => {
  it('wait for nobody who takes nothing, who gets each event once as soon as it reads on', async () => {
    const run = await makeRunWithAll(tested.database);
    const at = { url: served.url, cookie: await signedInCookie(tested.database, run.org.owner.userId) };
    const input = { org: run.org.slug, runId: run.runId };
    const address = new URL(`${at.url}/api/trpc/runs.events`);
    address.searchParams.set('input', JSON.stringify({ json: input }));
    const request = get(address, { headers: { cookie: at.cookie, accept: 'text/event-stream' } });
    const [slow] = (await once(request, 'response')) as [IncomingMessage];
    const leave = new AbortController();
    const { messages } = await openSse(at, 'runs.events', { input, signal: leave.signal });
    const quick: number[] = [];
    const reading = (async () => {
      for await (const { id } of messages) {
        if (id !== null && quick.push(Number(id)) === events) break;
      }
    })();
    await fill(run);
    await reading;
    leave.abort();
    expect(quick).toEqual(upTo(events));
    let heard = '';
    for await (const chunk of slow.setEncoding('utf8')) {
      heard += String(chunk);
      if (heard.includes(`\nid: ${events}\n`) || heard.includes(`id: ${events}\n\n`)) break;
    }
    expect([...heard.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))).toEqual(upTo(events));
  });

  it('of fifty streams are told by one connection that listens', async () => {
    const run = await makeRunWithAll(tested.database);
    const at = { url: served.url, cookie: await signedInCookie(tested.database, run.org.owner.userId) };
    const leave = new AbortController();
    const input = { org: run.org.slug, runId: run.runId };
    const open = () => openSse(at, 'runs.events', { input, signal: leave.signal });
    const opened = await Promise.all(Array.from({ length: 50 }, open));
    for (const { messages } of opened) expect((await messages.next()).value?.event).toBe('connected');
    const [listening] = (await tested.admin(
      `select count(*)::int as open from pg_stat_activity where query like 'listen %' and datname = current_database()`,
    )) as { open: number }[];
    expect(listening?.open).toBe(1);
    leave.abort();
  });
});

describe('a stream over HTTP', () => {
  /** Serves a stream that has something whenever it is asked, or after a pause; tells when it was let go of. */
  async function serving(pauseMs: number, pingMs = 60_000) {
    const ended = Promise.withResolvers<void>();
    let letGo = false;
    async function* frames() {
      try {
        for (;;) {
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
          yield new Uint8Array(100_000);
        }
      } finally {
        letGo = true;
      }
    }
    const server = createServer((_request, response) => {
      const body = sseBody(frames(), { pingMs, stalledMs: 200 }, ended.resolve);
      void pipeline(Readable.fromWeb(body as never), response).catch(() => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const close = () => {
      server.closeAllConnections();
      server.close();
    };
    return { response, ended: ended.promise, letGo: () => letGo, close };
  }

  it('is cut where its reader takes nothing of what is there', async () => {
    const { response, ended, letGo, close } = await serving(0);
    await ended;
    await expect.poll(letGo).toBe(true);
    const left = await response.toArray().catch((error: NodeJS.ErrnoException) => error.code);
    expect(left).toBe('ECONNRESET');
    close();
  });

  it('stays where it is only quiet', async () => {
    const { response, close } = await serving(500);
    let got = 0;
    for await (const chunk of response) {
      got += (chunk as Buffer).length;
      if (got >= 300_000) break;
    }
    expect(got).toBeGreaterThanOrEqual(300_000);
    close();
  });

  it('says that it is there while it is quiet', async () => {
    const { response, close } = await serving(60_000, 20);
    let heard = '';
    for await (const chunk of response.setEncoding('utf8')) {
      heard += String(chunk);
      if (heard.length >= 60) break;
    }
    expect(heard).toMatch(/^(event: ping\ndata: \n\n){3}/);
    close();
  });

  it('lets go of what it reads from when its reader leaves', async () => {
    const { response, ended, letGo, close } = await serving(20);
    response.destroy();
    await ended;
    await expect.poll(letGo).toBe(true);
    close();
  });
});
