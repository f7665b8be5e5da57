import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { appendOrgEvents } from '../../db/append-event.ts';
import { testAuditKeys } from '../../testing/audit-keys.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, type TestOrg } from '../../testing/factories.ts';
import { listOrgEvents } from './list-org-events.ts';
import { queryOf } from './testing/approvals.ts';
import { verifyAudit } from './verify-audit.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

async function orgWithEvents(count: number): Promise<TestOrg> {
  const org = await makeOrg(tested.database);
  const { orgId } = org;
  const actor = { type: 'system' as const, reason: 'test' };
  const event = (n: number) => ({
    kind: 'run.stop-requested' as const,
    payload: { runId: 'run_x', reason: String(n) },
  });
  await tested.database.transaction(orgId, (tx) =>
    appendOrgEvents(tx, { orgId, actor, at: new Date(), events: Array.from({ length: count }, (_, n) => event(n)) }),
  );
  return org;
}

const verify = ({ orgId, owner }: TestOrg) => {
  const actor = { type: 'user' as const, userId: owner.userId };
  return verifyAudit({
    database: tested.database,
    orgId,
    actor,
    clock: systemClock,
    auditKeys: testAuditKeys(tested.database),
  });
};

describe('listOrgEvents', () => {
  it('pages through the log in order, and without a place to start shows the latest', async () => {
    const org = await orgWithEvents(9);
    const seqs = async (asked: { afterSeq?: number; limit: number }) =>
      (await listOrgEvents(queryOf(tested.database, org), asked)).map(({ seq }) => seq);
    expect(await seqs({ afterSeq: 0, limit: 4 })).toEqual([1, 2, 3, 4]);
    expect(await seqs({ afterSeq: 8, limit: 4 })).toEqual([9, 10]);
    expect(await seqs({ limit: 3 })).toEqual([8, 9, 10]);
    expect(await seqs({ limit: 50 })).toHaveLength(10);
  });
});

describe('verifyAudit', () => {
  it('finds an untouched log whole, and leaves a word of having looked', async () => {
    const org = await orgWithEvents(3);
    expect(await verify(org)).toMatchObject({ ok: true, streams: 1, events: 4, firstBad: null });
    const [last] = await listOrgEvents(queryOf(tested.database, org), { limit: 1 });
    expect(last).toMatchObject({
      kind: 'audit.verified',
      actor: { type: 'user', userId: org.owner.userId },
      payload: { streams: 1, events: 4, ok: true },
    });
  });

  it('names the event that somebody with every right in the database has changed', async () => {
    const org = await orgWithEvents(3);
    await tested.admin('alter table event disable trigger all');
    await tested.admin(`update event set payload = convert_to('{}', 'UTF8') where org_id = $1 and seq = 3`, [
      org.orgId,
    ]);
    await tested.admin('alter table event enable trigger all');
    const [first] = await listOrgEvents(queryOf(tested.database, org), { afterSeq: 0, limit: 1 });
    expect(first?.person).toBe(first?.actor.type === 'user' ? org.owner.email : null);
    expect(await verify(org)).toMatchObject({ ok: false, firstBad: { streamId: first?.streamId, seq: 3 } });
  });
});
