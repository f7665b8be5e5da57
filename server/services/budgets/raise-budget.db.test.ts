import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { moveLedger } from '../../db/ledger.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeRunWithAll } from '../../testing/factories.ts';
import { decideApproval } from '../approvals/decide-approval.ts';
import { askPeople } from '../approvals/ask-people.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-20T10:00:00Z');
const bus = { send: async () => {}, lost: () => {} };

async function asked(over: { addMicros?: number; addSeconds?: number } = {}) {
  const made = await makeRunWithAll(database, { status: 'waiting', costLimit: 5_000_000n });
  const { orgId, db, owner } = made.org;
  const { runId } = made;
  await moveLedger(db, { orgId, runId, at: now, moves: [] });
  const common = { kind: 'budget' as const, runId, callId: 'c1', why: 'More tests.' };
  const request = { ...common, addMicros: 2_000_000, addSeconds: 60, ...over };
  const ask = () => askPeople({ database }, { orgId, now, requesterId: owner.userId, request });
  const account = (dimension: 'run' | 'task') => db.budget.findFirstOrThrow({ where: { orgId, dimension } });
  return { ...made, orgId, db, ask, account };
}

describe('a raise of a run’s budget', () => {
  it('is asked once, and approving it gives run and task what was asked and wakes the run', async () => {
    const { org, db, orgId, runId, ask, account } = await asked();
    const first = await ask();
    expect(await ask()).toEqual(first);
    if (first.kind !== 'waiting') throw new Error(first.kind);
    const { digest } = await db.approval.findUniqueOrThrow({
      where: { orgId_id: { orgId, id: first.approvalId } },
    });
    const decision = { approvalId: first.approvalId, digest, reason: 'Fine.', via: 'browser' };
    const by = (userId: string) => ({ database, orgId, actor: { type: 'user' as const, userId }, now, bus });
    const member = await makeMember(database, org, 'member');
    await expect(decideApproval(by(member.userId), { ...decision, verdict: 'approved' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await decideApproval(by(org.owner.userId), { ...decision, verdict: 'approved' });
    expect(await account('run')).toMatchObject({ microsLimit: 7_000_000n, millisLimit: 660_000n });
    expect(await account('task')).toMatchObject({ microsLimit: 7_000_000n, millisLimit: 3_660_000n });
    const run = await db.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
    expect(run).toMatchObject({ status: 'queued', costLimit: 7_000_000n, secondsLimit: 660 });
    expect(await ask()).toMatchObject({
      kind: 'answered',
      text: expect.stringMatching(/^Given: \$2\.00 and 1 min.*Fine\.$/),
    });
    expect(await db.budgetEntry.count({ where: { orgId, kind: 'raise' } })).toBe(1);
    const told = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    const payload = { runId, addMicros: 2_000_000, addSeconds: 60 };
    expect(told.slice(-2)).toMatchObject([{ kind: 'approval.decided' }, { kind: 'budget.raised', payload }]);
  });

  it('denied changes nothing', async () => {
    const { org, db, orgId, ask, account } = await asked();
    const first = await ask();
    if (first.kind !== 'waiting') throw new Error(first.kind);
    const { digest, id: approvalId } = await db.approval.findFirstOrThrow({ where: { orgId } });
    const context = { database, orgId, actor: { type: 'user' as const, userId: org.owner.userId }, now, bus };
    await decideApproval(context, { approvalId, digest, verdict: 'denied', reason: 'Enough.', via: 'browser' });
    expect(await account('run')).toMatchObject({ microsLimit: 5_000_000n });
    expect(await ask()).toMatchObject({
      kind: 'answered',
      events: [],
      text: expect.stringMatching(/Nothing more.*Enough\./),
    });
  });

  it.each([{ addMicros: -1 }, { addMicros: 0, addSeconds: 0 }, { addSeconds: 1e12 }, { addMicros: 0.5 }])(
    '%j is refused with words',
    async (over) => {
      const { ask } = await asked(over);
      await expect(ask()).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );
});
