import { beforeAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../testing/database.ts';
import { makeMember, makeRunWithAll } from '../testing/factories.ts';
import type { Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { openSse, type Sse } from './testing/sse.ts';

let tested: TestDatabase;
let served: Served;
beforeAll(async () => {
  ({ tested, served } = await servedWeb());
});

const paths = ['runs.events', 'runs.live', 'board.changes'] as const;

/** Opens the streams of a new member, takes the right away, and returns how each stream ended and after how long. */
async function endsAfter(take: (member: { userId: string; orgId: string }) => Promise<unknown>) {
  const { org, runId } = await makeRunWithAll(tested.database);
  const { userId } = await makeMember(tested.database, org, 'member');
  const at = { url: served.url, cookie: await signedInCookie(tested.database, userId) };
  const opened = await Promise.all(paths.map((path) => openSse(at, path, { input: { org: org.slug, runId } })));
  for (const { messages } of opened) expect((await messages.next()).value?.event).toBe('connected');
  const began = performance.now();
  await take({ userId, orgId: org.orgId });
  return Promise.all(
    opened.map(async ({ messages }) => {
      let last: Sse | null = null;
      for await (const message of messages) {
        last = message;
        if (message.event === 'serialized-error') break;
      }
      return { last, seconds: (performance.now() - began) / 1_000 };
    }),
  );
}

describe('an open stream', () => {
  it.each([
    ['was removed', 'delete from member where user_id = $1', 'not_found'],
    ['signed out', 'delete from session where user_id = $1', 'not_signed_in'],
  ])('of somebody who %s ends within five seconds', async (_what, statement, appCode) => {
    for (const { last, seconds } of await endsAfter(({ userId }) => tested.admin(statement, [userId]))) {
      expect(last).toMatchObject({ event: 'serialized-error', data: { data: { appCode } } });
      expect(seconds).toBeLessThan(5);
    }
  });
});
