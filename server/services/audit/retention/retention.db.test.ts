import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../adapters/clock/system-clock.ts';
import { appendOrgEvents, appendRunEvents } from '../../../db/append-event.ts';
import { blobsFor } from '../../../db/blobs.ts';
import { testAuditKeys } from '../../../testing/audit-keys.ts';
import { testDatabase, type TestDatabase } from '../../../testing/database.ts';
import { makeRunWithAll } from '../../../testing/factories.ts';
import { queryOf } from '../../views/testing/approvals.ts';
import { verifyAudit } from '../../views/verify-audit.ts';
import { eraseEvent } from '../erase-event.ts';
import { getLogEvent, searchLog } from '../search-log.ts';
import { getRetention } from './get-retention.ts';
import { liftHold, placeHold } from './holds.ts';
import { setRetention } from './set-retention.ts';
import { sweepRetention } from './sweep-retention.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const floor = 365;
const system = { type: 'system' as const, reason: 'test' };
const now = new Date();
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);

async function made() {
  const { org, runId, streamId } = await makeRunWithAll(tested.database);
  const { orgId, db } = org;
  const blobs = blobsFor(db, orgId);
  const bytes = (text: string) => new TextEncoder().encode(`${orgId} ${text}`);
  const [old, both] = [await blobs.put(bytes('old')), await blobs.put(bytes('both'))];
  const finished = (text: string, blobId: string) => ({
    kind: 'tool.finished' as const,
    payload: {
      ...{ turn: 1, callId: 'toolu_1', tool: 'shell', outcome: 'ok' as const, text, exitCode: 0 },
      ...{ droppedBytes: 0, blobId, durationMs: 1 },
    },
  });
  const say = (text: string) => ({ kind: 'message.added' as const, payload: { source: 'person' as const, text } });
  const run = (at: Date, events: Parameters<typeof appendRunEvents>[1]['events']) =>
    appendRunEvents(db, { orgId, runId, generation: 0, actor: system, at, events });
  await run(ago(400), [finished('old output', old.id), finished('other', both.id), say('old words')]);
  await run(ago(2), [finished('new output', both.id)]);
  await tested.database.transaction(orgId, (tx) =>
    appendOrgEvents(tx, {
      ...{ orgId, actor: system, at: ago(400) },
      events: [{ kind: 'run.stop-requested', payload: { runId, reason: 'old record' } }],
    }),
  );
  await db.pipelineRun.updateMany({ where: { orgId }, data: { status: 'succeeded' } });
  const actor = { type: 'user' as const, userId: org.owner.userId };
  const auditKeys = testAuditKeys(tested.database);
  const deps = { database: tested.database, auditKeys, orgId, actor, now, floor };
  const query = { ...queryOf(tested.database, org), now };
  const texts = async () => {
    const { events } = await searchLog(query, { filter: '', after: null, limit: 200 });
    return JSON.stringify(events.map(({ payload }) => payload));
  };
  return { org, runId, streamId, deps, query, texts, blobs, old, both, bytes };
}
type Made = Awaited<ReturnType<typeof made>>;

const sweep = () =>
  sweepRetention({
    ...{ database: tested.database, auditKeys: testAuditKeys(tested.database), now, floor },
    report: (error) => expect.fail(String(error)),
  });
const whole = async ({ deps }: Made) => (await verifyAudit({ ...deps, clock: systemClock })).ok;

describe('what is kept for a time', () => {
  it('goes by kind when its time is over, with its whole outputs but those that stay elsewhere; the log stays whole', async () => {
    const of = await made();
    const { deps, query, texts, blobs, old, both } = of;
    await sweep();
    expect(await texts()).toContain('old output');
    await setRetention(deps, { kind: 'outputs', days: 30 });
    expect((await getRetention(query, { floor })).kinds[0]).toMatchObject({ kind: 'outputs', days: 30, due: 2 });
    await sweep();
    expect(await texts()).not.toContain('old output');
    for (const stays of ['new output', 'old words', 'old record']) expect(await texts()).toContain(stays);
    await expect(blobs.get(old.id)).rejects.toMatchObject({ code: 'not_found', message: /erased/ });
    await blobs.get(both.id);
    expect((await blobs.put(of.bytes('old'))).id, 'the same bytes again').toBe(old.id);
    await blobs.get(old.id);
    expect(await whole(of)).toBe(true);
    const swept = await searchLog(query, { filter: 'kind:retention.swept', after: null, limit: 9 });
    expect(swept.events).toMatchObject([{ payload: { kind: 'outputs', days: 30, events: 2, outputs: 1 } }]);
    const gone = (await searchLog(query, { filter: 'kind:tool.finished', after: null, limit: 9 })).events.at(-1);
    expect(gone).toMatchObject({ erased: { by: 'Fleet', reason: 'kept for 30 days' } });
    await sweep();
    expect((await getRetention(query, { floor })).kinds[0]).toMatchObject({ due: 0 });
  });

  it('stays while a hold keeps the org or its run, and while its task is worked on; a person cannot erase it either', async () => {
    const of = await made();
    const { deps, texts, runId, streamId, org, query } = of;
    for (const kind of ['outputs', 'transcripts'] as const) await setRetention(deps, { kind, days: 30 });
    for (const held of [null, runId]) {
      await placeHold(deps, { runId: held, reason: 'a lawsuit' });
      await expect(placeHold(deps, { runId: held, reason: 'again' })).rejects.toMatchObject({ code: 'conflict' });
      await sweep();
      expect(await texts()).toContain('old output');
      const erasing = eraseEvent(deps, { streamId, seq: 1, reason: 'asked for' });
      await expect(erasing).rejects.toMatchObject({ code: 'conflict', message: /legal hold/ });
      const [hold] = (await getRetention(query, { floor })).holds;
      await liftHold(deps, { holdId: hold?.id ?? '', reason: 'settled' });
    }
    await org.db.pipelineRun.updateMany({ where: { orgId: org.orgId }, data: { status: 'running' } });
    await sweep();
    expect(await texts()).toContain('old words');
    await org.db.pipelineRun.updateMany({ where: { orgId: org.orgId }, data: { status: 'failed' } });
    await sweep();
    expect(await texts()).not.toMatch(/old words|old output/);
    expect((await getLogEvent(query, { streamId, seq: 3 })).kind).toBe('message.added');
    const filter = 'kind:hold.* kind:retention.set';
    expect((await searchLog(query, { filter, after: null, limit: 20 })).events).toHaveLength(6);
    expect(await whole(of)).toBe(true);
  });

  it('is never shorter for records than the operator says', async () => {
    const of = await made();
    const { deps, texts, org } = of;
    await expect(setRetention(deps, { kind: 'records', days: 30 })).rejects.toMatchObject({ code: 'invalid_input' });
    await setRetention(deps, { kind: 'records', days: 380 });
    await sweep();
    expect(await texts()).not.toContain('old record');
    const other = await made();
    await other.org.db.retentionRule.create({
      data: { orgId: other.org.orgId, kind: 'records', days: 1, updatedAt: now },
    });
    await tested.database.transaction(other.org.orgId, (tx) =>
      appendOrgEvents(tx, {
        ...{ orgId: other.org.orgId, actor: system, at: ago(300) },
        events: [{ kind: 'run.stop-requested', payload: { runId: other.runId, reason: 'of this year' } }],
      }),
    );
    await sweep();
    expect(await other.texts(), 'a row below a floor that was raised since').toContain('of this year');
    expect(await whole(of)).toBe(true);
    expect(org.orgId).not.toBe(other.org.orgId);
  });
});
