import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { EventSource } from 'eventsource';
import superjson from 'superjson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendOrgEvents, appendRunEvents } from '../db/append-event.ts';
import { openListener, type Listener } from '../db/listen.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import type { EventView } from '../domain/views/views.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeRunWithAll, makeUser } from '../testing/factories.ts';
import type { AppRouter } from './root.ts';
import { serve, type Served } from './testing/serve.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { openSse, type Sse } from './testing/sse.ts';
import { testWeb, type TestWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let listener: Listener;
let served: Served;
/** Streams that somebody in this process is woken for. */
let watched = 0;

beforeAll(async () => {
  tested = await testDatabase();
  listener = openListener(tested.appUrl);
  await listener.ready;
  served = await serve((publicUrl) => testWeb({ database: tested.database, listener: counting(listener), publicUrl }));
});
afterAll(async () => {
  await served.close();
  await listener.close();
});

function counting(real: Listener): Listener {
  return {
    ...real,
    onStream: (streamId, wake) => {
      const stop = real.onStream(streamId, wake);
      watched += 1;
      return () => {
        watched -= 1;
        stop();
      };
    },
  };
}

type Run = Awaited<ReturnType<typeof makeRunWithAll>>;

async function append(run: Run, ...events: RunEvent[]): Promise<void> {
  const { orgId } = run.org;
  const actor = { type: 'agent-run' as const, runId: run.runId, onBehalfOf: run.org.owner.userId };
  await appendRunEvents(run.org.db, { orgId, runId: run.runId, generation: 0, actor, at: new Date(), events });
}

const step = (n: number): RunEvent => ({ kind: 'run.resumed', payload: { reason: `step ${n}` } });
const end: RunEvent = {
  kind: 'run.ended',
  payload: { outcome: { reason: 'handed_off', detail: 'done' }, millisUsed: 1, costMicros: 1, turns: 1, toolCalls: 1 },
};

async function viewerOf(run: Run) {
  const cookie = await signedInCookie(tested.database, run.org.owner.userId);
  return { url: served.url, cookie, input: { org: run.org.slug, runId: run.runId } };
}

const seqs = (messages: Sse[]) => messages.filter(({ id }) => id).map(({ id }) => Number(id));
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

/** Reads until `enough`, then leaves as a browser does that closes the page. */
async function read(at: Awaited<ReturnType<typeof viewerOf>>, enough: (got: Sse[]) => boolean, lastEventId?: string) {
  const leave = new AbortController();
  const { messages } = await openSse(at, 'runs.events', {
    ...at,
    lastEventId: lastEventId ?? null,
    signal: leave.signal,
  });
  const got: Sse[] = [];
  for await (const message of messages) {
    got.push(message);
    if (enough(got)) break;
  }
  leave.abort();
  return got;
}

describe('runs.events', () => {
  it('sends what is there, then what comes, and ends with the run', async () => {
    const run = await makeRunWithAll(tested.database);
    await append(run, step(1), step(2));
    const reading = read(await viewerOf(run), (got) => got.some(({ event }) => event === 'return'));
    await append(run, step(3));
    await append(run, end);
    const got = await reading;
    expect(seqs(got)).toEqual([1, 2, 3, 4]);
    expect(got.find(({ id }) => id === '3')?.data).toMatchObject({
      seq: 3,
      kind: 'run.resumed',
      payload: { reason: 'step 3' },
    });
  });

  it('goes on after the last event that was seen', async () => {
    const run = await makeRunWithAll(tested.database);
    await append(run, ...upTo(41).map(step));
    const at = await viewerOf(run);
    const first = await read(at, (got) => seqs(got).length === 17);
    await append(run, step(42), end);
    const second = await read(at, (got) => got.some(({ event }) => event === 'return'), String(seqs(first).at(-1)));
    expect([...seqs(first), ...seqs(second)]).toEqual(upTo(43));
  });

  it('twelve viewers that are cut off again and again while it is written lose nothing and see nothing twice', async () => {
    const run = await makeRunWithAll(tested.database);
    const total = 240;
    const at = await viewerOf(run);
    const viewers = Array.from({ length: 12 }, async (_, n) => {
      const seen: number[] = [];
      while (seen.at(-1) !== total) {
        const cutAfter = 5 + ((n * 7 + seen.length) % 31);
        const got = await read(
          at,
          (messages) => seqs(messages).length >= cutAfter || messages.at(-1)?.event === 'return',
          seen.length === 0 ? undefined : String(seen.at(-1)),
        );
        seen.push(...seqs(got));
      }
      return seen;
    });
    for (let n = 1; n < total; n += 3) await append(run, step(n), step(n + 1), n + 2 === total ? end : step(n + 2));
    for (const seen of await Promise.all(viewers)) expect(seen).toEqual(upTo(total));
  });

  it("the browser's client reconnects by itself and goes on", async () => {
    const run = await makeRunWithAll(tested.database);
    const { cookie, input } = await viewerOf(run);
    class SignedIn extends EventSource {
      constructor(address: string | URL) {
        super(address, { fetch: (to, init) => fetch(to, { ...init, headers: { ...init.headers, cookie } }) });
      }
    }
    const links = [
      httpSubscriptionLink({ url: `${served.url}/api/trpc`, transformer: superjson, EventSource: SignedIn }),
    ];
    const client = createTRPCClient<AppRouter>({ links });
    const seen: number[] = [];
    let subscription: { unsubscribe(): void } | undefined;
    const complete = new Promise<void>((resolve, reject) => {
      subscription = client.runs.events.subscribe(input, {
        onData: ({ data }: { data: EventView }) => {
          seen.push(data.seq);
          if (data.seq === 5) served.cutConnections();
        },
        onComplete: resolve,
        onError: reject,
      });
    });
    await append(run, ...upTo(5).map(step));
    await append(run, step(6), step(7), end);
    await complete;
    subscription?.unsubscribe();
    expect(seen).toEqual(upTo(8));
  });

  it('shares one wake-up between viewers and lets go of it with the last', async () => {
    const run = await makeRunWithAll(tested.database);
    await append(run, step(1));
    const at = await viewerOf(run);
    const before = watched;
    const readings = [1, 2, 3].map(() => read(at, (got) => seqs(got).length === 2));
    await expect.poll(() => watched).toBe(before + 1);
    await append(run, step(2));
    await Promise.all(readings);
    await expect.poll(() => watched).toBe(before);
  });

  it('of a run that is over and was seen to its end, ends at once', async () => {
    const run = await makeRunWithAll(tested.database, { status: 'succeeded' });
    await append(run, step(1), end);
    const got = await read(await viewerOf(run), (messages) => messages.at(-1)?.event === 'return', '2');
    expect(seqs(got)).toEqual([]);
  });

  it('to a stranger there is no such org: not one event', async () => {
    const run = await makeRunWithAll(tested.database);
    await append(run, step(1));
    const { userId } = await makeUser(tested.database);
    const at = { ...(await viewerOf(run)), cookie: await signedInCookie(tested.database, userId) };
    const got = await read(at, ({ length }) => length === 2);
    expect(got.map(({ event }) => event)).toEqual(['connected', 'serialized-error']);
    expect(got[1]?.data).toMatchObject({ data: { code: 'NOT_FOUND', httpStatus: 404, appCode: 'not_found' } });
  });
});

describe('board.changes', () => {
  it('says once that it is there, then that something happened, at most four times a second', async () => {
    const run = await makeRunWithAll(tested.database);
    const { org } = run;
    const at = { ...(await viewerOf(run)), input: { org: org.slug } };
    const leave = new AbortController();
    const { messages } = await openSse(at, 'board.changes', { ...at, signal: leave.signal });
    const times: number[] = [];
    for await (const { event, data } of messages) {
      if (event !== null) continue;
      times.push(Date.parse((data as { at: string }).at));
      if (times.length === 3) break;
      for (let n = 0; n < 20; n += 1) {
        const actor = { type: 'system' as const, reason: 'test' };
        const events = [{ kind: 'run.stop-requested' as const, payload: { runId: run.runId, reason: 'x' } }];
        await tested.database.transaction(org.orgId, (tx) =>
          appendOrgEvents(tx, { orgId: org.orgId, actor, at: new Date(), events }),
        );
      }
    }
    leave.abort();
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(249);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(249);
  });
});

describe('runs.live', () => {
  it('passes on the text that is being written', async () => {
    const run = await makeRunWithAll(tested.database);
    const at = await viewerOf(run);
    const leave = new AbortController();
    const { messages } = await openSse(at, 'runs.live', { ...at, signal: leave.signal });
    let text = '';
    const reading = (async () => {
      for await (const { event, data } of messages) {
        if (event === null) text += (data as { text: string }).text;
        if (text.endsWith('an alle')) break;
      }
    })();
    const heard = async () => {
      await listener.notifyLive(run.runId, { turn: 1, text: 'Grüße ' });
      return text;
    };
    await expect.poll(heard).toContain('Grüße ');
    await listener.notifyLive(run.runId, { turn: 1, text: 'an alle' });
    await reading;
    leave.abort();
    expect(text).toMatch(/^(Grüße )+an alle$/);
  });
});

describe('when the server is asked to stop', () => {
  it('open streams end at once, without the word that would keep the browser from coming back', async () => {
    const run = await makeRunWithAll(tested.database);
    await append(run, step(1));
    let web: TestWeb | undefined;
    const own = await serve((publicUrl) => (web = testWeb({ database: tested.database, listener, publicUrl })));
    const at = { ...(await viewerOf(run)), url: own.url };
    const { messages } = await openSse(at, 'runs.events', at);
    const got: Sse[] = [];
    for await (const message of messages) {
      got.push(message);
      if (message.id === '1') web?.closeNow();
    }
    expect(got.map(({ event, id }) => event ?? id)).toEqual(['connected', '1']);
    expect(web?.reported).toEqual([]);
    await own.close();
  });
});
