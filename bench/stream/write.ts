import { appendRunEvents, type StreamHead } from '../../server/db/append-event.ts';
import { openDatabase, type Database } from '../../server/db/connect.ts';
import { makeRunWithAll } from '../../server/testing/factories.ts';
import { signedInCookie } from '../../server/api/testing/sign-in.ts';
import type { Closing } from '../harness.ts';

export const text = 'x'.repeat(560);
const actor = { type: 'system' as const, reason: 'bench' };

/** A run that events are written to, and how its owner looks at it. */
export type Written = {
  address: string;
  cookie: string;
  /** Appends some events in one commit; returns the number of the last. */
  append(events?: number): Promise<number>;
};

export function openWriter(appUrl: string, closing: Closing): Database {
  const database = openDatabase({ appUrl, max: 4 });
  closing(() => database.close());
  return database;
}

export async function openRun(database: Database, url: string): Promise<Written> {
  const { org, runId } = await makeRunWithAll(database);
  const { orgId, db, slug, owner } = org;
  const address = new URL(`${url}/api/trpc/runs.events`);
  address.searchParams.set('input', JSON.stringify({ json: { org: slug, runId } }));
  let head: StreamHead | undefined;
  return {
    address: address.href,
    cookie: await signedInCookie(database, owner.userId),
    async append(events = 1) {
      const many = Array.from({ length: events }, () => ({
        ...{ kind: 'message.added' as const, payload: { source: 'platform' as const, text } },
      }));
      ({ head } = await appendRunEvents(db, {
        orgId,
        runId,
        generation: 0,
        actor,
        at: new Date(),
        events: many,
        head,
      }));
      return head.seq;
    },
  };
}

/** Calls at an even pace. */
export async function paced(times: number, aSecond: number, act: () => Promise<void>): Promise<void> {
  const began = performance.now();
  for (let n = 1; n <= times; n += 1) {
    await act();
    const wait = began + (n * 1_000) / aSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
