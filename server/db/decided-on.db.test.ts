import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { makePipelineRun, makeRunWithAll, makeTask } from '../testing/factories.ts';
import { appendRunEvents } from './append-event.ts';
import type { DecidedOn } from './decided-on.ts';
import { readHeldPaths } from './held-paths.ts';
import { newId } from './new-id.ts';
import { readRunHeads } from './policy-heads.ts';
import { readAllEvents } from './read-events.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const at = new Date('2026-11-01T10:00:00.123Z');
const until = new Date('2026-11-01T12:00:00Z');

async function started() {
  const made = await makeRunWithAll(t.database, { status: 'running' });
  const { org, repoId, pipelineRunId, runId, starters } = made;
  const { orgId, db } = org;
  const agentId = starters.roles['developer']!.agentId;
  const read = async (): Promise<DecidedOn> => {
    const heads = await readRunHeads(db, { orgId, repoId, agentId });
    const held = await readHeldPaths(db, { orgId, repoId, pipelineRunId, now: at });
    return { rules: { repoId, agentId, pipelineRunId, heads, held: held.map(({ mark }) => mark) }, heard: [] };
  };
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: org.owner.userId };
  const write = (decidedOn: DecidedOn, { generation = 0, now = at } = {}) =>
    appendRunEvents(db, {
      ...{ orgId, runId, generation, actor, at: now, whileRunning: true, decidedOn },
      events: [{ kind: 'message.added', payload: { source: 'platform', text: 'said' } }],
    });
  const count = async () => (await readAllEvents(db, { orgId, kind: 'run', subject: runId })).length;
  const steer = async () => {
    const id = newId('command');
    const body = { text: 'Use tabs.' };
    const of = { orgId, id, runId, kind: 'steer', body, byUserId: org.owner.userId, createdAt: at };
    await db.command.create({ data: { ...of, seq: 1 } });
    return id;
  };
  return { ...made, orgId, db, read, write, count, steer };
}

const movedAway = { code: 'conflict', detail: { moved: true } };

describe('events that were decided on something', () => {
  it('are written while it stands', async () => {
    const { read, write, count } = await started();
    const before = await read();
    await write(before);
    await write({ rules: null, heard: null });
    expect(await count()).toBe(2);
  });

  it.each(['org', 'repo'] as const)('are refused once another version of the %s’s policy holds', async (layer) => {
    const { orgId, db, repoId, read, write, count } = await started();
    const before = await read();
    const target = layer === 'org' ? orgId : repoId;
    const last = await db.policyVersion.findFirst({ where: { orgId, layer, target }, orderBy: { version: 'desc' } });
    const newest = await db.policyVersion.findFirstOrThrow({ where: { orgId } });
    await db.policyVersion.create({
      data: {
        ...newest,
        body: newest.body as object,
        id: newId('policyVersion'),
        layer,
        target,
        version: (last?.version ?? 0) + 1,
      },
    });
    await expect(write(before)).rejects.toMatchObject(movedAway);
    expect(await count()).toBe(0);
    await write(await read());
    await write({ ...before, rules: null });
    expect(await count()).toBe(2);
  });

  it('are refused once another task has reserved paths, or holds them longer, and not when that has run out', async () => {
    const { org, orgId, db, repoId, starters, read, write } = await started();
    const before = await read();
    const { taskId } = await makeTask(org, { repoId });
    const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
    const id = newId('claim');
    await db.claim.create({ data: { orgId, id, pipelineRunId, kind: 'paths', subject: 'src/**', until } });
    await expect(write(before)).rejects.toMatchObject(movedAway);
    const since = await read();
    await write(since);
    await db.claim.updateMany({ where: { orgId, id }, data: { until: new Date(until.getTime() + 1) } });
    await expect(write(since)).rejects.toMatchObject(movedAway);
    await write(before, { now: new Date(until.getTime() + 2) });
  });

  it('are refused while a person’s message is unheard, but for those that they deliver', async () => {
    const { orgId, db, read, write, steer } = await started();
    const before = await read();
    const id = await steer();
    await expect(write(before)).rejects.toMatchObject(movedAway);
    await write({ ...before, heard: null });
    await write({ ...before, heard: [id] });
    await db.command.updateMany({ where: { orgId, id }, data: { acknowledgedAt: at } });
    await write(before);
  });

  it('are refused as lost to whoever has no lease, whatever stands', async () => {
    const { read, write, steer } = await started();
    const before = await read();
    await steer();
    await expect(write(before, { generation: 1 })).rejects.toMatchObject({ code: 'lease_lost' });
  });
});
