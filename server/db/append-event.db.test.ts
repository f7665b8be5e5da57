import { beforeAll, describe, expect, test } from 'vitest';
import { makeOrg, makeRunWithAll } from '../testing/factories.ts';
import { testDatabase } from '../testing/database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { appendOrgEvents, appendRunEvents, openRunStream } from './append-event.ts';
import type { StreamHead } from './append-event.ts';
import type { OrgTx } from './connect.ts';
import { readAllEvents, readEvents } from './read-events.ts';
import { verifyStreams } from './verify-streams.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const at = new Date('2026-11-01T10:00:00.123Z');
const said = (text: string) => ({ kind: 'message.added' as const, payload: { source: 'platform' as const, text } });
const named = (slug: string) => ({ kind: 'org.created' as const, payload: { slug, name: slug } });
const totals = {
  ...{ turns: 3, toolCalls: 4, inputTokens: 50, outputTokens: 60 },
  ...{ cacheReads: 7, cacheWrites: 8, costMicros: 9_000_000_000 },
};

async function startedRun(over: { status?: 'running' } = {}) {
  const made = await makeRunWithAll(t.database, over);
  const { orgId, db } = made.org;
  const { runId } = made;
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: made.org.owner.userId };
  type More = { generation?: number; head?: StreamHead; totals?: typeof totals; whileRunning?: boolean };
  const append = async (texts: string[], more: More = {}, tx: OrgTx = db) =>
    (await appendRunEvents(tx, { orgId, runId, generation: 0, actor, at, events: texts.map(said), ...more })).head;
  const claim = () =>
    t.database.transaction(orgId, async (tx) => {
      const { leaseGeneration } = await tx.run.update({
        where: { orgId_id: { orgId, id: runId } },
        data: { leaseGeneration: { increment: 1 } },
      });
      await openRunStream(tx, { orgId, runId });
      return leaseGeneration;
    });
  const texts = async () => {
    const rows = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    return rows.map(({ payload }) => (payload as { text: string }).text);
  };
  return { ...made, orgId, db, actor, append, claim, texts };
}

describe('events of a run', () => {
  test('what was appended is read back, in order and chained', async () => {
    const { append, db, orgId, streamId, actor } = await startedRun();
    await append(['one', 'two \u0000 \ud800 😀']);
    const head = await append(['three']);
    const rows = await readEvents(db, { orgId, streamId, afterSeq: 1, limit: 10 });
    expect(rows.map(({ seq, payload }) => [seq, payload])).toEqual([
      [2, { source: 'platform', text: 'two \u0000 \ud800 😀' }],
      [3, { source: 'platform', text: 'three' }],
    ]);
    expect(rows.at(-1)).toMatchObject({
      kind: 'message.added',
      at,
      actor,
      hash: Buffer.from(head.hash).toString('hex'),
    });
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true, streams: 2, events: 5, firstBad: null });
  });

  test('a writer that keeps the head appends any number at a time, and the run’s row follows', async () => {
    const { append, db, orgId, runId, texts } = await startedRun();
    let head = await append(['0']);
    const expected = ['0'];
    for (const size of [1, 3, 8, 9, 40]) {
      const batch = Array.from({ length: size }, (_, n) => `${size}.${n}`);
      head = await append(batch, { head, totals });
      expected.push(...batch);
    }
    expect(await texts()).toEqual(expected);
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
    const run = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    expect(run).toMatchObject({ progressAt: at, turns: 3, toolCalls: 4, inputTokens: 50n, outputTokens: 60n });
    expect(run).toMatchObject({ cacheReads: 7n, cacheWrites: 8n, costMicros: 9_000_000_000n });
    await append(['last'], { head });
    const after = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    expect(after).toEqual(run);
  });

  test('rows and events of a transaction come together or not at all', async () => {
    const { append, db, orgId, repoId, texts } = await startedRun();
    const rename = (tx: OrgTx, name: string) =>
      tx.repo.update({ where: { orgId_id: { orgId, id: repoId } }, data: { name } });
    const failing = t.database.transaction(orgId, async (tx) => {
      await rename(tx, 'half');
      await append(['half'], {}, tx);
      throw new Error('crash');
    });
    await expect(failing).rejects.toThrow('crash');
    expect(await texts()).toEqual([]);
    await t.database.transaction(orgId, async (tx) => {
      await rename(tx, 'whole');
      const head = await append(['one'], {}, tx);
      await append(['two'], { head }, tx);
    });
    expect(await texts()).toEqual(['one', 'two']);
    expect(await db.repo.findFirst({ where: { orgId } })).toMatchObject({ name: 'whole' });
  });

  test('a payload that is not of its kind is refused before anything is written', async () => {
    const { db, orgId, runId, actor, texts } = await startedRun();
    const events = [said('fine'), { kind: 'message.added', payload: { source: 'elsewhere', text: 1 } } as never];
    await expect(appendRunEvents(db, { orgId, runId, generation: 0, actor, at, events })).rejects.toThrow('source');
    expect(await texts()).toEqual([]);
  });

  test('no events is no write', async () => {
    const { append } = await startedRun();
    expect(await append([])).toMatchObject({ seq: 0 });
  });
});

describe('one writer', () => {
  test('who holds an old generation can append nothing more', async () => {
    const { append, claim, texts } = await startedRun();
    expect(await claim()).toBe(1);
    const head = await append(['first holder'], { generation: 1 });
    expect(await claim()).toBe(2);
    await expect(append(['late'], { generation: 1, head })).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(append(['late'], { generation: 1 })).rejects.toMatchObject({ code: 'lease_lost' });
    await append(['second holder'], { generation: 2, head });
    expect(await texts()).toEqual(['first holder', 'second holder']);
  });

  test('a run and its stream must both be of the generation', async () => {
    const { append, db, orgId, runId } = await startedRun();
    await db.run.update({ where: { orgId_id: { orgId, id: runId } }, data: { leaseGeneration: 1 } });
    await expect(append(['x'], { generation: 0 })).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(append(['x'], { generation: 1 })).rejects.toMatchObject({ code: 'lease_lost' });
  });

  test('an append that a takeover overtakes is refused, whichever commits first', async () => {
    for (let round = 0; round < 10; round++) {
      const { append, claim, db, orgId } = await startedRun();
      const [first, second] = await Promise.allSettled([append(['old holder']), claim()]);
      expect(second.status).toBe('fulfilled');
      if (first.status === 'rejected') expect(first.reason).toMatchObject({ code: 'lease_lost' });
      await append(['new holder'], { generation: 1 });
      expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true });
    }
  });

  test('two appends from the same head: one is in, the other is told to read anew', async () => {
    const { append, texts } = await startedRun();
    const head = await append(['start']);
    const both = await Promise.allSettled([append(['a'], { head }), append(['b'], { head })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ code: 'conflict' });
    expect(await texts()).toHaveLength(2);
  });

  test('a run that was stopped takes no more events of its loop', async () => {
    const { append, db, orgId, runId } = await startedRun({ status: 'running' });
    await append(['going'], { whileRunning: true });
    await db.run.update({ where: { orgId_id: { orgId, id: runId } }, data: { status: 'stopped' } });
    await expect(append(['on'], { whileRunning: true })).rejects.toMatchObject({ code: 'lease_lost' });
    await append(['the end']);
  });

  test('a stream is opened once, and never handed back to an earlier generation', async () => {
    const { db, orgId, runId, streamId } = await startedRun();
    const where = { orgId_id: { orgId, id: runId } };
    await db.run.update({ where, data: { leaseGeneration: 5 } });
    expect(await openRunStream(db, { orgId, runId })).toMatchObject({ streamId, seq: 0 });
    await db.run.update({ where, data: { leaseGeneration: 2 } });
    await openRunStream(db, { orgId, runId });
    expect(await db.stream.findFirst({ where: { orgId, id: streamId } })).toMatchObject({ writerGeneration: 5 });
    await expect(openRunStream(db, { orgId, runId: 'run_none' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('events of an org', () => {
  test('many writers at once leave one unbroken chain', async () => {
    const org = await makeOrg(t.database);
    const { orgId, db } = org;
    const actor = { type: 'user' as const, userId: org.owner.userId };
    const write = (n: number) =>
      t.database.transaction(orgId, async (tx) => {
        const events = [named(`${n}.a`), named(`${n}.b`)];
        await appendOrgEvents(tx, { orgId, actor, at, events });
      });
    await Promise.all(Array.from({ length: 24 }, (_, n) => write(n)));
    const rows = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 49 }, (_, n) => n + 1));
    const slugs = rows.slice(1).map(({ payload }) => (payload as { slug: string }).slug);
    for (let n = 0; n < slugs.length; n += 2) expect(slugs[n + 1]).toBe(slugs[n]?.replace('.a', '.b'));
    expect(await verifyStreams(db, { orgId })).toMatchObject({ ok: true, events: 49 });
  });

  test('two that open the stream at once share it', async () => {
    const { org } = await makeRunWithAll(t.database);
    await t.admin('alter table event disable trigger all');
    await t.admin('delete from event where org_id = $1', [org.orgId]);
    await t.admin('alter table event enable always trigger append_only');
    await t.admin(`delete from stream where org_id = $1`, [org.orgId]);
    const actor = { type: 'system' as const, reason: 'test' };
    const write = (slug: string) =>
      t.database.transaction(org.orgId, (tx) =>
        appendOrgEvents(tx, { orgId: org.orgId, actor, at, events: [named(slug)] }),
      );
    await Promise.all([write('a'), write('b')]);
    expect(await verifyStreams(org.db, { orgId: org.orgId })).toMatchObject({ ok: true, streams: 1, events: 2 });
  });

  test('they are refused outside of a transaction, where the head could not be held', async () => {
    const { orgId, db } = await makeOrg(t.database);
    const append = appendOrgEvents(db, { orgId, actor: { type: 'system', reason: 'x' }, at, events: [named('x')] });
    await expect(append).rejects.toThrow('inside database.transaction');
  });
});
