import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { readAllEvents } from '../../db/read-events.ts';
import type { RunRequest } from '../../domain/approval/subject.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeMember, makeRunWithAll, type TestOrg } from '../../testing/factories.ts';
import { readGrants } from '../runs/read-grants.ts';
import { askPeople } from './ask-people.ts';
import { decideApproval, type Decision } from './decide-approval.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-24T10:00:00Z');
const bus = { send: async () => {}, lost: () => {} };
const common = { callId: 'c1', agent: 'Developer', why: 'the house rules' };

const scopeOf = (runId: string): RunRequest => ({
  kind: 'scope',
  runId,
  ...common,
  paths: ['docs/**'],
  hosts: ['example.com'],
  commands: [],
});
const budgetOf = (runId: string, over: object = {}): RunRequest => ({
  kind: 'budget',
  runId,
  callId: 'c1',
  why: 'more tests',
  addMicros: 0,
  addSeconds: 900,
  ...over,
});

async function asked(request: (runId: string) => RunRequest) {
  const { org, runId, taskId } = await makeRunWithAll(database);
  const asking = { orgId: org.orgId, now, requesterId: org.owner.userId, request: request(runId) };
  const ask = () => askPeople({ database }, asking);
  const first = await ask();
  if (first.kind !== 'waiting') throw new Error(first.kind);
  const { approvalId } = first;
  const { digest } = await org.db.approval.findUniqueOrThrow({
    where: { orgId_id: { orgId: org.orgId, id: approvalId } },
  });
  return { org, runId, taskId, ask, first, approvalId, digest };
}

type Asked = Awaited<ReturnType<typeof asked>>;

const decide = ({ org, approvalId, digest }: Asked, over: Partial<Decision> = {}) =>
  decideApproval(
    { database, orgId: org.orgId, actor: { type: 'user', userId: org.owner.userId }, now, bus },
    { approvalId, digest, verdict: 'approved', reason: '', via: 'browser', ...over },
  );

const orgEvents = async ({ db, orgId }: TestOrg) =>
  (await readAllEvents(db, { orgId, kind: 'org', subject: orgId })).map(({ kind }) => kind);

describe('a request for scope', () => {
  it('asked twice by one call is one approval that says what is waited for', async () => {
    const { ask, first } = await asked(scopeOf);
    expect(await ask()).toEqual(first);
    expect(first).toMatchObject({ waits: { for: 'leave to change `docs/**` and reach `example.com`' } });
  });

  it('approved narrower opens just that, for a day', async () => {
    const made = await asked(scopeOf);
    const { org, runId, approvalId, ask } = made;
    await decide(made, { granted: { kind: 'scope', paths: ['docs/api.md'], hosts: [], commands: [] } });
    const allows = { paths: ['docs/api.md'], hosts: [], commands: [] };
    const of = { orgId: org.orgId, runId };
    expect(await readGrants(org.db, { ...of, now })).toEqual([{ approvalId, allows }]);
    expect(await readGrants(org.db, { ...of, now: new Date(now.getTime() + 24 * 3_600_000) })).toEqual([]);
    const answer = await ask();
    expect(answer).toMatchObject({ kind: 'answered', text: expect.stringMatching(/may now change `docs\/api\.md`/) });
    expect(answer.kind === 'answered' && answer.events).toMatchObject([
      { kind: 'scope.granted', payload: { callId: 'c1', approvalId, allows } },
    ]);
    expect(await orgEvents(org)).toContain('grant.given');
  });

  it.each([
    [{ kind: 'scope' as const, paths: ['src/**'], hosts: [], commands: [] }, /goes beyond/],
    [{ kind: 'scope' as const, paths: ['docs/*'], hosts: [], commands: [] }, /goes beyond/],
    [{ kind: 'scope' as const, paths: ['docs/../src/a.js'], hosts: [], commands: [] }, /goes beyond/],
    [{ kind: 'scope' as const, paths: [], hosts: ['evil.example'], commands: [] }, /goes beyond/],
    [{ kind: 'scope' as const, paths: [], hosts: [], commands: [] }, /Deny it instead/],
    [{ kind: 'budget' as const, addMicros: 0, addSeconds: 1 }, /Deny it instead/],
  ])('an answer %j is refused and decides nothing', async (granted, problem) => {
    const made = await asked(scopeOf);
    await expect(decide(made, { granted })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(problem),
    });
    const { db, orgId } = made.org;
    expect(await db.approval.findFirstOrThrow({ where: { orgId, id: made.approvalId } })).toMatchObject({
      status: 'pending',
      granted: null,
    });
    expect(await db.grant.count({ where: { orgId } })).toBe(0);
  });

  it('denied opens nothing', async () => {
    const made = await asked(scopeOf);
    await decide(made, { verdict: 'denied', reason: 'Not in this task.' });
    expect(await made.org.db.grant.count({ where: { orgId: made.org.orgId } })).toBe(0);
    expect(await made.ask()).toMatchObject({
      kind: 'answered',
      events: [],
      text: expect.stringMatching(/Not in this task/),
    });
  });
});

describe('a request that a rule leaves to others', () => {
  const by = (who: 'lead' | 'owner' | 'two', owners: string[] = []) => ({
    decides: { who, rules: ['w9-migrations'], owners },
  });
  const as = (made: Asked, userId: string, over: Partial<Decision> = {}) =>
    decideApproval(
      { database, orgId: made.org.orgId, actor: { type: 'user', userId }, now, bus },
      { approvalId: made.approvalId, digest: made.digest, verdict: 'approved', reason: '', via: 'browser', ...over },
    );

  it('is opened by two people, and by no more than both gave', async () => {
    const made = await asked((runId) => ({ ...scopeOf(runId), ...by('two') }) as RunRequest);
    const { org, runId, approvalId } = made;
    const [one, two] = [await makeMember(database, org, 'approver'), await makeMember(database, org, 'admin')];
    await expect(as(made, org.owner.userId)).rejects.toMatchObject({ code: 'forbidden' });
    const narrow = { kind: 'scope' as const, paths: ['docs/api.md'], hosts: [], commands: [] };
    expect(await as(made, one.userId, { granted: narrow })).toMatchObject({ status: 'pending' });
    expect(await org.db.grant.count({ where: { orgId: org.orgId } })).toBe(0);
    await expect(as(made, one.userId)).rejects.toMatchObject({ code: 'conflict' });
    expect(await as(made, two.userId)).toMatchObject({ status: 'approved' });
    const allows = { paths: ['docs/api.md'], hosts: [], commands: [] };
    expect(await readGrants(org.db, { orgId: org.orgId, runId, now })).toEqual([
      { approvalId, allows, answeredBy: 'two' },
    ]);
  });

  it('is refused to whoever is not named', async () => {
    const made = await asked((runId) => ({ ...scopeOf(runId), ...by('lead') }) as RunRequest);
    const approver = await makeMember(database, made.org, 'approver');
    await expect(as(made, approver.userId)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('w9-migrations'),
    });
    expect(await as(made, made.org.owner.userId)).toMatchObject({ status: 'approved' });
  });

  it('is answered by an owner of the code, who need not be an approver', async () => {
    const made = await asked((runId) => scopeOf(runId));
    const owner = await makeMember(database, made.org, 'member');
    const asking = { orgId: made.org.orgId, now, requesterId: made.org.owner.userId };
    const request = { ...scopeOf(made.runId), callId: 'c2', ...by('owner', [owner.userId]) } as RunRequest;
    const answer = await askPeople({ database }, { ...asking, request });
    if (answer.kind !== 'waiting') throw new Error(answer.kind);
    const { approvalId } = answer;
    const where = { where: { orgId_id: { orgId: made.org.orgId, id: approvalId } } };
    const { digest } = await made.org.db.approval.findUniqueOrThrow(where);
    await expect(as({ ...made, approvalId, digest }, made.org.owner.userId)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await as({ ...made, approvalId, digest }, owner.userId)).toMatchObject({ status: 'approved' });
  });
});

describe('a request for budget', () => {
  it('raises run and task by what was given, once', async () => {
    const made = await asked(budgetOf);
    const { org, runId, taskId } = made;
    const read = async () => {
      const at = (id: string) => ({ where: { orgId_id: { orgId: org.orgId, id } } });
      const run = await org.db.run.findUniqueOrThrow(at(runId));
      const task = await org.db.task.findUniqueOrThrow(at(taskId));
      return { run: run.secondsLimit, task: task.secondsLimit, money: run.costLimit };
    };
    const before = await read();
    const clicks = Array.from({ length: 10 }, () =>
      decide(made, { granted: { kind: 'budget', addMicros: 0, addSeconds: 300 } }),
    );
    const done = await Promise.allSettled(clicks);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await read()).toEqual({ run: before.run + 300, task: before.task + 300, money: before.money });
    expect(await made.ask()).toMatchObject({
      events: [{ kind: 'budget.raised', payload: { addSeconds: 300 } }],
    });
  });

  it('in money raises the money', async () => {
    const made = await asked((runId) => budgetOf(runId, { addMicros: 2_000_000, addSeconds: 0 }));
    const where = { orgId_id: { orgId: made.org.orgId, id: made.runId } };
    const before = await made.org.db.run.findUniqueOrThrow({ where });
    await decide(made);
    const after = await made.org.db.run.findUniqueOrThrow({ where });
    expect(after.costLimit - before.costLimit).toBe(2_000_000n);
    expect(after.secondsLimit).toBe(before.secondsLimit);
  });

  it('never gives more than was asked', async () => {
    const made = await asked(budgetOf);
    await expect(decide(made, { granted: { kind: 'budget', addMicros: 0, addSeconds: 901 } })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});

it('a blocker waits for a person and ends with what the person says', async () => {
  const made = await asked((runId) => ({
    kind: 'blocker',
    runId,
    callId: 'c1',
    agent: 'Developer',
    what: 'ECONNREFUSED 5432',
    needs: 'a running database',
    tried: [],
  }));
  expect(made.first).toMatchObject({ waits: { for: 'a blocker to be cleared: a running database' } });
  await decide(made, { reason: 'It runs now.' });
  expect(await made.ask()).toMatchObject({ kind: 'answered', text: expect.stringMatching(/cleared.*It runs now/) });
});
