import { beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../domain/events/actor.ts';
import { orgEvents, type OrgEvent, type OrgEventKind } from '../domain/events/org-events.ts';
import { decidedByPeople, saidByRuns } from '../domain/events/who-may-cause.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makeRunWithAll } from '../testing/factories.ts';
import { appendOrgEvents } from './append-event.ts';
import { newId } from './new-id.ts';

let tested: TestDatabase;
let made: Awaited<ReturnType<typeof makeRunWithAll>>;
beforeAll(async () => {
  tested = await testDatabase();
  made = await makeRunWithAll(tested.database);
});

const kinds = Object.keys(orgEvents) as OrgEventKind[];

/** A change, and its event by that actor, in one transaction. */
async function change(actor: Actor, kind: OrgEventKind) {
  const { orgId, db } = made.org;
  const [teamId, now] = [newId('team'), new Date()];
  const answer = await tested.database
    .transaction(orgId, async (tx) => {
      await tx.team.create({ data: { orgId, id: teamId, name: teamId, createdAt: now } });
      await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind, payload: {} } as unknown as OrgEvent] });
    })
    .then(
      () => 'done',
      (error: { code?: string }) => error.code,
    );
  return { answer, left: await db.team.count({ where: { orgId, id: teamId } }) };
}

describe('what changes something of an org', () => {
  it.each(kinds.filter((kind) => !saidByRuns.includes(kind)))(
    'is undone where a run would have it said: %s',
    async (kind) => {
      const actor = { type: 'agent-run' as const, runId: made.runId, onBehalfOf: made.org.owner.userId };
      expect(await change(actor, kind)).toEqual({ answer: 'forbidden', left: 0 });
    },
  );

  it.each(decidedByPeople)('is undone where no person decided it: %s', async (kind) => {
    for (const actor of [
      { type: 'system' as const, reason: 'test' },
      { type: 'service-account' as const, serviceAccountId: 'sva_x', keyId: 'key_x' },
    ]) {
      expect(await change(actor, kind)).toEqual({ answer: 'forbidden', left: 0 });
    }
  });
});
