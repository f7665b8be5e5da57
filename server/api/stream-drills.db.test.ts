import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, inject, it, onTestFinished } from 'vitest';
import { dice } from '../domain/dice.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeMember, makeRunWithAll } from '../testing/factories.ts';
import { tellDrill } from '../testing/tell-drill.ts';
import { viewToEnd, type SeenEvent, type Viewing } from './testing/cut-viewer.ts';
import { signedInCookie } from './testing/sign-in.ts';
import { streamInvariants, type Streamed } from './testing/stream-invariants.ts';

// Viewers of a run that is being written, while connections are cut at any byte and processes are killed. What is left is
// judged against the rows of the database, read as its superuser.

const { seed, full } = inject('drill');
const patience = 40 * 60_000;

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

type Message = { port?: number; committed?: number; over?: boolean };

/** A process that is started again each time it is killed, once it has said that it is there. */
async function killable(file: string, args: () => string[], take: (message: Message) => void) {
  let child: ChildProcess;
  const start = async () => {
    child = fork(fileURLToPath(new URL(`testing/${file}`, import.meta.url)), args(), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.on('message', (message) => take(message as Message));
    const died = once(child, 'exit').then(() => Promise.reject(new Error(`${file} ended before it was there`)));
    await Promise.race([once(child, 'message'), died]);
    died.catch(() => undefined);
  };
  const end = async () => {
    const died = once(child, 'exit');
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await died;
  };
  await start();
  onTestFinished(end);
  return {
    send: (order: string) => void child.send(order),
    async kill() {
      await end();
      await start();
    },
  };
}

type Drill = {
  viewers: number;
  /** Whoever looks is one of so many, because a member may only ask so often. */
  members: number;
  /** The most bytes that a connection lives for. */
  bytes: number;
  aSecond: number;
  /** What happens while they look: `kill` takes one of the two processes. */
  during: (kill: (which: 'web' | 'writer') => Promise<void>, roll: () => number) => Promise<void>;
};

async function look({ viewers, members, bytes, aSecond, during }: Drill): Promise<Streamed & { cuts: number }> {
  const roll = dice(seed);
  const { org, runId } = await makeRunWithAll(tested.database);
  const users = await Promise.all(Array.from({ length: members }, () => makeMember(tested.database, org, 'member')));
  const cookies = await Promise.all(users.map(({ userId }) => signedInCookie(tested.database, userId)));
  let port = 0;
  const web = await killable(
    'serving-process.ts',
    () => [tested.appUrl, String(port)],
    (message) => (port = message.port ?? port),
  );
  const committed: number[] = [];
  const ended = Promise.withResolvers<void>();
  const writer = await killable(
    'writing-process.ts',
    () => [tested.appUrl, org.orgId, runId, String(aSecond)],
    (message) => {
      if (message.committed !== undefined) committed.push(message.committed);
      if (message.over) ended.resolve();
    },
  );
  const address = new URL(`http://127.0.0.1:${port}/api/trpc/runs.events`);
  address.searchParams.set('input', JSON.stringify({ json: { org: org.slug, runId } }));
  const viewings: Viewing[] = Array.from({ length: viewers }, () => ({ seen: [], cuts: 0 }));
  const looking = viewings.map((viewing, n) =>
    viewToEnd(
      { address: address.href, cookie: cookies[n % members]!, bytes: () => 1 + Math.floor(roll() * bytes) },
      viewing,
    ),
  );
  await during((which) => (which === 'web' ? web : writer).kill(), roll);
  writer.send('end');
  await ended.promise;
  await Promise.all(looking);
  const stored = await tested.admin<SeenEvent>(
    `select e.seq, encode(e.hash, 'hex') as hash from event e join stream s on s.org_id = e.org_id and s.id = e.stream_id
      where s.kind = 'run' and s.subject = $1 order by e.seq`,
    [runId],
  );
  const cuts = viewings.reduce((sum, viewing) => sum + viewing.cuts, 0);
  return { stored, committed, viewers: viewings.map(({ seen }) => seen), cuts };
}

function judged(seen: Streamed & { cuts: number }, kills: number): void {
  for (const { name, faults, broken } of streamInvariants) {
    expect(faults(seen).slice(0, 5), name).toEqual([]);
    expect(faults(broken(seen)), `a world in which it does not hold that ${name}`).not.toEqual([]);
  }
  const { stored, viewers, cuts } = seen;
  const delivered = viewers.reduce((sum, viewer) => sum + viewer.length, 0);
  tellDrill(`${stored.length} events, ${viewers.length} viewers, ${cuts} cuts, ${kills} kills`);
  tellDrill(`${delivered} deliveries of ${stored.length * viewers.length}: none missing, doubled or out of order`);
}

it('drill: viewers', { timeout: patience }, async () => {
  const kills = full ? 5 : 1;
  const seen = await look({
    viewers: full ? 1_000 : 12,
    members: full ? 25 : 2,
    bytes: full ? 400_000 : 30_000,
    aSecond: full ? 10 : 20,
    async during(kill, roll) {
      for (let n = 1; n <= kills; n += 1) {
        await pause((full ? 5_000 : 500) * (0.5 + roll()));
        await kill('web');
        tellDrill(`the server was killed ${n} times of ${kills}`);
      }
      await pause(2_000);
    },
  });
  expect(seen.cuts).toBeGreaterThan(seen.viewers.length);
  judged(seen, kills);
});

it('drill: restarts', { timeout: patience }, async () => {
  const kills = full ? 200 : 2;
  let ofWriter = 0;
  const seen = await look({
    ...{ viewers: full ? 20 : 5, members: full ? 4 : 1, bytes: full ? 80_000 : 40_000, aSecond: 50 },
    async during(kill, roll) {
      for (let n = 1; n <= kills; n += 1) {
        await pause(50 + roll() * 500);
        const last = ofWriter === 0 ? 'writer' : 'web';
        const which = n === kills ? last : roll() < 0.5 ? 'writer' : 'web';
        ofWriter += which === 'writer' ? 1 : 0;
        await kill(which);
        if (n % 20 === 0) tellDrill(`${n} kills of ${kills}, ${ofWriter} of them of who writes`);
      }
    },
  });
  expect(ofWriter).toBeGreaterThan(0);
  judged(seen, kills);
});
