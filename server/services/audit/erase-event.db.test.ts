import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { appendOrgEvents, appendRunEvents } from '../../db/append-event.ts';
import { eraseEvent as blank } from '../../db/erase.ts';
import { exportLines } from '../../db/export-log.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { sealTree } from '../../db/seal-tree.ts';
import type { ExportedLine } from '../../domain/audit/exported-log.ts';
import { fileChecker } from '../../domain/audit/file-checker.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { testAuditKeys } from '../../testing/audit-keys.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeRunWithAll } from '../../testing/factories.ts';
import { queryOf } from '../views/testing/approvals.ts';
import { retryRun } from '../runs/retry-run.ts';
import { verifyAudit } from '../views/verify-audit.ts';
import { eraseEvent } from './erase-event.ts';
import { exportLog } from './export-log.ts';
import { getLogEvent, searchLog } from './search-log.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

const system = { type: 'system' as const, reason: 'test' };

async function made() {
  const { org, runId, streamId } = await makeRunWithAll(tested.database);
  const { orgId, db } = org;
  await appendRunEvents(db, {
    ...{ orgId, runId, generation: 0, actor: system, at: new Date() },
    events: [
      { kind: 'run.resumed', payload: { reason: 'Ann lives at 1 Secret Street' } },
      { kind: 'run.resumed', payload: { reason: 'stays' } },
    ],
  });
  await db.pipelineRun.updateMany({ where: { orgId }, data: { status: 'stopped' } });
  const actor = { type: 'user' as const, userId: org.owner.userId };
  const auditKeys = testAuditKeys(tested.database);
  const deps = { database: tested.database, auditKeys, orgId, actor, now: new Date() };
  const all = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  const seq = all.findIndex(({ payload }) => JSON.stringify(payload).includes('Secret Street')) + 1;
  return { org, runId, streamId, deps, seq, query: queryOf(tested.database, org) };
}
type Made = Awaited<ReturnType<typeof made>>;

async function exported({ deps: { database, orgId, auditKeys: keys } }: Made): Promise<ExportedLine[]> {
  const head = await sealTree(database, { orgId, keys, now: new Date() });
  const lines: ExportedLine[] = [];
  const of = { size: head?.size ?? 0, keys: await keys.published() };
  for await (const line of exportLines(database.org(orgId), of)) lines.push(line);
  return lines;
}

async function check(of: Made) {
  const checker = fileChecker({ hashing: nodeHashing, keys: await of.deps.auditKeys.published() });
  for (const line of await exported(of)) checker.take(line);
  return checker.end();
}

const verified = ({ deps }: Made) => verifyAudit({ ...deps, clock: systemClock });

describe('an event that is erased', () => {
  it('is gone from database, search and exports, and the log with its tombstone is whole', async () => {
    const of = await made();
    const { deps, streamId, seq, query, runId } = of;
    const size = (await exported(of)).length;
    await eraseEvent(deps, { streamId, seq, reason: 'Ann asked for it' });

    const [row] = await tested.admin<{ payload: Buffer; salt: Buffer }>(
      'select payload, salt from event where stream_id = $1 and seq = $2',
      [streamId, seq],
    );
    expect([row?.payload.length, row?.salt.length]).toEqual([0, 0]);
    const lines = await exported(of);
    expect(lines.length).toBeGreaterThan(size);
    expect(JSON.stringify(lines)).not.toContain('Secret Street');
    expect(lines.filter(({ type }) => type === 'erased')).toHaveLength(1);
    expect(await check(of)).toMatchObject({ problems: [], erased: 1 });
    expect(await verified(of)).toMatchObject({ ok: true, erased: 1, firstBad: null });

    const by = { by: of.org.owner.email, reason: 'Ann asked for it' };
    expect(await getLogEvent(query, { streamId, seq })).toMatchObject({ kind: 'run.resumed', erased: by });
    const search = (filter: string) => searchLog(query, { filter, after: null, limit: 50 });
    expect((await search('"secret street"')).events).toEqual([]);
    expect((await search('kind:audit.erased')).events).toMatchObject([
      { payload: { streamId, seq, kind: 'run.resumed' } },
    ]);
    const [event] = (await readAllEvents(of.org.db, { orgId: deps.orgId, kind: 'run', subject: runId })).slice(seq - 1);
    expect(event?.payload).toEqual({
      reason: expect.stringMatching(/^\[erased on \d{4}-\d\d-\d\d: Ann asked for it\]$/),
    });
    const csv: string[] = [];
    for await (const part of (await exportLog(deps, { form: 'csv', filter: '' })).pages) csv.push(part);
    expect(csv.join('')).toContain(`[erased by ${of.org.owner.userId}`);
  });

  it('is read where the note in the place of a text is longer than that text may be', async () => {
    const of = await made();
    const { org, runId, streamId, deps } = of;
    const { orgId, db } = org;
    const request = { method: 'GET', host: 'packages.example.com', port: 443, path: '/x', allowed: true, rule: 'r' };
    const payload = { ...request, refusal: null, address: null, injected: [] };
    const { head } = await appendRunEvents(db, {
      ...{ orgId, runId, generation: 0, actor: system, at: new Date() },
      events: [{ kind: 'network.requested', payload }],
    });
    await eraseEvent(deps, { streamId, seq: head.seq, reason: 'why '.repeat(120) });
    const all = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
    expect(all.at(-1)).toMatchObject({ kind: 'network.requested', payload: { port: 443, allowed: true } });
    expect(JSON.stringify(all.at(-1)?.payload)).not.toContain('packages.example.com');
  });

  it('lets no run go on from the one whose log it was in', async () => {
    const { org, runId, streamId, deps, seq } = await made();
    const { orgId, db } = org;
    const bus = { send: async () => undefined, lost: () => undefined };
    const offer = { environmentKey: true, listPrices: [] };
    const task = (status: 'waiting' | 'stopped') => db.pipelineRun.updateMany({ where: { orgId }, data: { status } });
    const retried = async () => {
      await task('waiting');
      return retryRun({ ...deps, bus, offer }, { runId, turn: 1, note: '' });
    };
    await db.run.updateMany({ where: { orgId, id: runId }, data: { status: 'failed' } });
    await expect(retried()).rejects.toThrow('The work tree of this turn was not kept');
    await task('stopped');
    await eraseEvent(deps, { streamId, seq, reason: 'Ann asked for it' });
    await expect(retried()).rejects.toThrow('was erased, so nothing can go on from it');
  });

  it('is erased once, and not while its task is worked on, nor where it proves a merge', async () => {
    const of = await made();
    const { deps, streamId, seq, org } = of;
    const { orgId } = org;
    await org.db.pipelineRun.updateMany({ where: { orgId }, data: { status: 'waiting' } });
    await expect(eraseEvent(deps, { streamId, seq, reason: 'why' })).rejects.toMatchObject({ code: 'conflict' });
    await org.db.pipelineRun.updateMany({ where: { orgId }, data: { status: 'failed' } });
    const both = await Promise.allSettled([1, 2].map(() => eraseEvent(deps, { streamId, seq, reason: 'why' })));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const decided = { approvalId: 'a', digest: 'd', verdict: 'approved' as const, reason: 'Ann', via: 'web' };
    await tested.database.transaction(orgId, (tx) =>
      appendOrgEvents(tx, {
        ...{ orgId, actor: { type: 'user', userId: org.owner.userId }, at: new Date() },
        events: [{ kind: 'approval.decided', payload: { ...decided, selfApproved: false } }],
      }),
    );
    const stream = await org.db.stream.findFirstOrThrow({ where: { orgId, kind: 'org' } });
    const proof = { streamId: stream.id, seq: stream.headSeq, reason: 'why' };
    await expect(eraseEvent(deps, proof)).rejects.toMatchObject({ code: 'conflict', message: /prove merges/ });
    await expect(eraseEvent(deps, { ...proof, seq: 999 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of another org is not there', async () => {
    const { streamId, seq } = await made();
    const other = await made();
    await expect(eraseEvent(other.deps, { streamId, seq, reason: 'why' })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('a payload that goes in another way', () => {
  it('is refused to the processes, to the owner of the tables, and to the eraser without a tombstone', async () => {
    const { streamId } = await made();
    const change = (set: string) => `update event set ${set} where stream_id = '${streamId}'`;
    for (const role of ['fleet_app', 'postgres', 'fleet_eraser']) {
      for (const set of [`payload = ''`, `payload = 'x'`, `payload = '', salt = ''`, `kind = 'x'`]) {
        const attempt = tested
          .admin(
            `begin; set local role ${role}; select set_config('app.org', (select org_id from stream where id = '${streamId}'), true); ${change(set)}`,
          )
          .finally(() => tested.admin('rollback'));
        await expect(attempt, `${role}: ${set}`).rejects.toMatchObject({ code: '42501' });
      }
    }
  });

  it('is named, also where the processes’ own function leaves a tombstone that nobody signed', async () => {
    const of = await made();
    const { org, streamId, seq } = of;
    const stone = { stream: streamId, seq, tombstone: 'trust me', at: new Date() };
    await tested.database.transaction(org.orgId, (tx) => blank(tx, stone));
    expect(await verified(of)).toMatchObject({ ok: false, firstBad: { streamId, seq } });
    expect((await check(of)).problems).toMatchObject([{ tampering: 'tombstone-invalid', stream: streamId, seq }]);
    const alone = await makeOrg(tested.database);
    const there = await tested.database.transaction(alone.orgId, (tx) => blank(tx, { ...stone, seq: seq + 1 }));
    expect(there, 'of another org').toBe(false);
  });
});
