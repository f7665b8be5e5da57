import { beforeAll, describe, expect, it } from 'vitest';
import { appendOrgEvents } from '../../db/append-event.ts';
import type { OrgTx } from '../../db/connect.ts';
import { moveLedger } from '../../db/ledger.ts';
import { newAgent } from '../../domain/agents/agent-settings.ts';
import { approvalTtlMs } from '../../domain/approval/sentences.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeMember, makeRun, makeRunWithAll, makeStageAttempt } from '../../testing/factories.ts';
import { testSecretBoxes } from '../../testing/secret-boxes.ts';
import { platform } from '../pipeline/work-context.ts';
import { saveAgent } from '../agents/save-agent.ts';
import { addTeam } from '../budgets/add-team.ts';
import { assignTeam } from '../budgets/assign-team.ts';
import { setBudget } from '../budgets/set-budget.ts';
import { proposeDefinition } from '../definitions/propose-definition.ts';
import { voidDefinitions } from '../definitions/void-definitions.ts';
import { renameOrg } from '../orgs/rename-org.ts';
import { requireSso } from '../sso/require-sso.ts';
import { removeSsoProvider, saveSsoProvider } from '../sso/save-sso-provider.ts';
import { claimRun } from '../runs/claim-run.ts';
import { finishRun } from '../runs/finish-run.ts';
import { lockRun } from '../runs/lock-run.ts';
import { lockOrgStream } from '../tasks/lock-org-stream.ts';
import { removeTeam } from '../teams/change-team.ts';
import { askPeople } from './ask-people.ts';
import { decideApproval } from './decide-approval.ts';
import { expireApproval } from './expire-approval.ts';

// Each case holds the first locks of one transaction, waits until the other stands before them, and then takes the last one
// of the first. In a ring PostgreSQL would end one of the two.

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const now = new Date('2026-11-20T10:00:00Z');
const bus = { send: async () => {}, lost: () => {} };

async function waitingRun() {
  const made = await makeRunWithAll(t.database, { status: 'waiting', costLimit: 5_000_000n });
  const { orgId, db, owner } = made.org;
  const { runId } = made;
  await moveLedger(db, { orgId, runId, at: now, moves: [] });
  const actor = { type: 'user' as const, userId: owner.userId };
  const by = { database: t.database, orgId, actor, now, bus };
  const asked = async (kind: 'budget' | 'question') => {
    const of = { runId, callId: 'c1' };
    const request =
      kind === 'budget'
        ? { ...of, kind, addMicros: 1, addSeconds: 60, why: 'More tests.' }
        : { ...of, kind, question: 'Which one?', options: [] };
    await askPeople({ database: t.database }, { orgId, now, requesterId: owner.userId, request });
    const approval = await db.approval.findFirstOrThrow({ where: { orgId } });
    const waits = { for: 'an answer', since: now.toISOString(), wakes: 'a person', ref: approval.id };
    await db.run.updateMany({ where: { orgId, id: runId }, data: { waits } });
    return approval;
  };
  const approve = ({ id, digest }: { id: string; digest: string }) =>
    decideApproval(by, { approvalId: id, digest, verdict: 'approved', reason: '', via: 'test' });
  return { ...made, orgId, db, by, asked, approve };
}

type Waiting = Awaited<ReturnType<typeof waitingRun>>;

/** How many of this database's connections wait for a lock. */
async function blocked(): Promise<number> {
  const [row] = await t.admin<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

/** A transaction that works with what it `holds`. */
type Rival = {
  holds(tx: OrgTx): Promise<unknown>;
  /** Taken when the other stands before what it holds. */
  last(tx: OrgTx): Promise<unknown>;
};

async function against({ orgId }: Waiting, { holds, last }: Rival, other: () => Promise<unknown>) {
  const held = Promise.withResolvers<void>();
  const first = t.database.transaction(orgId, async (tx) => {
    await holds(tx);
    held.resolve();
    while ((await blocked()) === 0);
    await last(tx);
  });
  await held.promise;
  const ended = await Promise.allSettled([first, other()]);
  expect(ended).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
}

const orgStream = ({ orgId, runId }: Waiting) => {
  const events = [{ kind: 'run.stop-requested' as const, payload: { runId, reason: 'A test.' } }];
  return (tx: OrgTx) => appendOrgEvents(tx, { orgId, actor: platform, at: now, events });
};

/** A helper that is at work for the run, which waits for it. */
async function helperOf({ org, orgId, db, starters, pipelineRunId, runId }: Waiting) {
  const of = { pipelineRunId, stage: 'build/helper', parentRunId: runId, parentCallId: 'c1' };
  const { stageAttemptId } = await makeStageAttempt(org, of);
  const helper = await makeRun(org, starters, { stageAttemptId });
  const waits = { for: 'its helper', since: now.toISOString(), wakes: 'its helper ends', ref: helper.runId };
  await db.run.updateMany({ where: { orgId, id: runId }, data: { waits } });
  const answer = await claimRun({ database: t.database, orgId, now, worker: 'w1' }, { runId: helper.runId });
  if (answer.kind !== 'claimed') throw new Error(answer.kind);
  return answer.claim;
}

const agentOf = ({ starters }: Waiting) => ({
  dimension: 'agent' as const,
  subject: starters.roles['developer']?.agentId ?? '',
});

describe('no ring of locks between', () => {
  it.each(['budget', 'question'] as const)('a decision on a %s and whoever holds the run', async (kind) => {
    const made = await waitingRun();
    const approval = await made.asked(kind);
    const rival = { holds: (tx: OrgTx) => lockRun(tx, made), last: orgStream(made) };
    await against(made, rival, () => made.approve(approval));
  });

  it('a raise and whoever moved the budget of the task', async () => {
    const made = await waitingRun();
    const approval = await made.asked('budget');
    const account = { orgId: made.orgId, dimension: 'task' as const, subject: made.taskId };
    const holds = (tx: OrgTx) => tx.budget.updateMany({ where: account, data: { warned: 50 } });
    await against(made, { holds, last: orgStream(made) }, () => made.approve(approval));
  });

  it('a deadline that passed and whoever holds the run', async () => {
    const made = await waitingRun();
    const { id } = await made.asked('question');
    const passed = new Date(now.getTime() + approvalTtlMs + 1);
    const rival = { holds: (tx: OrgTx) => lockRun(tx, made), last: orgStream(made) };
    await against(made, rival, () => expireApproval({ ...made.by, now: passed }, { approvalId: id }));
  });

  it('a deadline of a draft that passed and a save that closes what waits', async () => {
    const made = await waitingRun();
    const { orgId, db, by } = made;
    const what = { of: 'policy' as const, layer: 'org' as const, target: orgId, name: 'org' };
    const draft = { what, basedOn: 1, body: {}, hash: 'h', note: 'why', restored: null };
    const approvalId = await t.database.transaction(orgId, (tx) => proposeDefinition(tx, by, draft));
    const passed = new Date(now.getTime() + approvalTtlMs + 1);
    const rival = {
      holds: (tx: OrgTx) => lockOrgStream(tx, orgId),
      last: (tx: OrgTx) => voidDefinitions(tx, { orgId, now, what, reason: 'A test.' }),
    };
    await against(made, rival, () => expireApproval({ ...by, now: passed }, { approvalId }));
    const { status } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    expect(status).toBe('voided');
  });

  it('a helper that ends, which tells the org and wakes its parent, and whoever holds that', async () => {
    const made = await waitingRun();
    const claim = await helperOf(made);
    const rival = { holds: (tx: OrgTx) => lockRun(tx, made), last: orgStream(made) };
    const outcome = { reason: 'reported' as const, detail: 'It is there.' };
    const none = { turns: 0, toolCalls: 0, costMicros: 0, inputTokens: 0, outputTokens: 0, cacheReads: 0 };
    const ending = { now, claim, onBehalfOf: made.org.owner.userId, totals: { ...none, cacheWrites: 0 }, events: [] };
    await against(made, rival, () => finishRun({ database: t.database, bus }, { ...ending, outcome }));
    const where = { orgId_id: { orgId: made.orgId, id: made.runId } };
    expect(await made.db.run.findUniqueOrThrow({ where })).toMatchObject({ status: 'queued' });
  });

  it('a budget that is set and a claim, which holds the agent and then its accounts', async () => {
    const made = await waitingRun();
    const { orgId, runId, starters } = made;
    const subject = starters.roles['developer']?.agentId ?? '';
    const where = { orgId, id: subject };
    const claim = {
      holds: (tx: OrgTx) => tx.agent.updateMany({ where, data: { maxRuns: { increment: 0 } } }),
      last: (tx: OrgTx) => moveLedger(tx, { orgId, runId, at: now, moves: [] }),
    };
    const limits = { micros: 1, tokens: null, seconds: null, maxRuns: 7 };
    await against(made, claim, () => setBudget(made.by, { dimension: 'agent', subject, ...limits }));
  });

  const moved = {
    'is put into a team': (made: Waiting, teamId: string) => assignTeam(made.by, { ...agentOf(made), teamId }),
    'loses its team, which is removed,': async (made: Waiting, teamId: string) => removeTeam(made.by, { teamId }),
  };
  it.each(Object.entries(moved))(
    'an agent that %s and a claim, which holds the agent and then warns',
    async (name, move) => {
      const made = await waitingRun();
      const { orgId, db } = made;
      const { teamId } = await addTeam(made.by, { name: 'Payments' });
      const { subject } = agentOf(made);
      if (name !== 'is put into a team') await assignTeam(made.by, { ...agentOf(made), teamId });
      const holds = (tx: OrgTx) =>
        tx.agent.updateMany({ where: { orgId, id: subject }, data: { maxRuns: { increment: 0 } } });
      await against(made, { holds, last: orgStream(made) }, () => move(made, teamId));
      const { teamId: after } = await db.agent.findUniqueOrThrow({ where: { orgId_id: { orgId, id: subject } } });
      expect(after).toBe(name === 'is put into a team' ? teamId : null);
    },
  );

  const provider = async ({ orgId, db }: Waiting) => {
    const sealed = { ciphertext: Buffer.from('x'), nonce: Buffer.from('x'), keyVersion: 1 };
    await db.ssoProvider.create({
      data: {
        orgId,
        id: 'sso_1',
        issuer: 'https://login.test',
        clientId: 'c',
        ...sealed,
        byOperator: false,
        updatedAt: now,
      },
    });
  };
  const found = { kind: 'found' as const, places: { issuer: 'https://login.test' } };
  const signIn: Record<string, (made: Waiting) => Promise<unknown>> = {
    'requires single sign-on': (made) => requireSso({ ...made.by, provider: 'sso_1' }, { required: true }),
    'gets another provider': ({ by }) =>
      saveSsoProvider(
        { ...by, secretBoxes: testSecretBoxes(t.database), findOidc: async () => found as never, operator: false },
        { issuer: 'https://login.test', clientId: 'd', clientSecret: 's' },
      ),
    'loses its provider': ({ by }) => removeSsoProvider(by),
  };
  it.each(Object.entries(signIn))(
    'an org that %s and a claim, which holds its row and then warns',
    async (_, change) => {
      const made = await waitingRun();
      const { orgId } = made;
      await provider(made);
      const holds = (tx: OrgTx) => tx.org.updateMany({ where: { id: orgId }, data: { maxRuns: { increment: 0 } } });
      await against(made, { holds, last: orgStream(made) }, () => change(made));
    },
  );

  it('an org that is renamed and a claim, which holds its row and then warns', async () => {
    const made = await waitingRun();
    const { orgId, db } = made;
    const holds = (tx: OrgTx) => tx.org.updateMany({ where: { id: orgId }, data: { maxRuns: { increment: 0 } } });
    await against(made, { holds, last: orgStream(made) }, () => renameOrg(made.by, { name: 'Other' }));
    expect(await db.org.findUniqueOrThrow({ where: { id: orgId } })).toMatchObject({ name: 'Other' });
  });

  it('a decision on an agent’s revision and whoever moved its account, who tells the org of it', async () => {
    const made = await waitingRun();
    const { orgId, org, by, starters, db } = made;
    const agentId = starters.roles['developer']?.agentId ?? '';
    const { userId } = await makeMember(t.database, org, 'admin');
    const body = newAgent({ name: 'Developer', maxRuns: 7, secondsLimit: 90_000 });
    const what = { of: 'agent' as const, agentId, name: 'Developer' };
    const draft = { what, basedOn: 1, body, hash: 'h', note: 'why', restored: null };
    const approvalId = await t.database.transaction(orgId, (tx) => proposeDefinition(tx, by, draft));
    const { digest } = await db.approval.findUniqueOrThrow({ where: { orgId_id: { orgId, id: approvalId } } });
    const account = { orgId, dimension: 'agent' as const, subject: agentId };
    const holds = (tx: OrgTx) => tx.budget.updateMany({ where: account, data: { warned: 50 } });
    const decision = { approvalId, digest, verdict: 'approved' as const, reason: '', via: 'test' };
    const other = { ...by, actor: { type: 'user' as const, userId } };
    await against(made, { holds, last: orgStream(made) }, () => decideApproval(other, decision));
    const where = { orgId_id: { orgId, id: agentId } };
    expect(await db.agent.findUniqueOrThrow({ where })).toMatchObject({ revision: 2, maxRuns: 7 });
  });

  it('an agent that is renamed and a decision that gives another one the name', async () => {
    const made = await waitingRun();
    const { orgId, by, starters, db } = made;
    const { subject: agentId } = agentOf(made);
    const other = starters.roles['code-reviewer']?.agentId ?? '';
    const rival = {
      holds: (tx: OrgTx) => lockOrgStream(tx, orgId),
      last: (tx: OrgTx) => tx.agent.updateMany({ where: { orgId, id: other }, data: { name: 'Builder' } }),
    };
    const settings = { ...newAgent({ name: 'Builder', maxRuns: 1, secondsLimit: 600 }) };
    const rename = () => saveAgent(by, { agentId, basedOn: 1, note: 'why', settings, restored: null });
    await against(made, rival, () => expect(rename()).rejects.toThrow(/of that name already/));
    expect(await db.agent.count({ where: { orgId, name: 'Builder', id: other } })).toBe(1);
  });
});
