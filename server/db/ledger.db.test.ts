import { beforeAll, describe, expect, inject, it } from 'vitest';
import { defaultBudgets } from '../domain/budget/defaults.ts';
import { unlimited, type LedgerMove } from '../domain/budget/ledger.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { tellDrill } from '../testing/tell-drill.ts';
import { newId } from './new-id.ts';
import { makePipelineRun, makeRun, makeRunWithAll, makeStageAttempt, makeTask } from '../testing/factories.ts';
import type { OrgDb } from './connect.ts';
import { moveLedger } from './ledger.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

const november = new Date('2026-11-30T23:59:59.900Z');
const december = new Date('2026-12-01T00:00:00.100Z');

const reserve = (call: string, micros: number, tokens = 0): LedgerMove => ({ do: 'reserve', call, micros, tokens });
const settle = (micros: number | null, tokens: number | null = 0): LedgerMove => ({ do: 'settle', micros, tokens });
const release: LedgerMove = { do: 'release', micros: 0, tokens: 0 };

async function ledger(over: { costLimit?: bigint } = {}) {
  const made = await makeRunWithAll(t.database, over);
  const { orgId, db } = made.org;
  const move = (moves: LedgerMove[], at = november, runId = made.runId) => moveLedger(db, { orgId, runId, at, moves });
  const accounts = async () => {
    const rows = await db.budget.findMany({ where: { orgId }, orderBy: { openedAt: 'asc' } });
    return Object.fromEntries(rows.map((row) => [`${row.dimension} ${row.period}`, row]));
  };
  return { ...made, orgId, db, move, accounts };
}

describe('the ledger', () => {
  it('opens an account of each kind with the limits of run, task and agent', async () => {
    const { move, accounts } = await ledger();
    const left = await move([]);
    expect(left).toEqual({
      ...unlimited,
      ...{ micros: 1_000_000, microsOf: 'run total', millis: 600_000, millisOf: 'run total' },
      ...{ tokensOf: expect.any(String) },
    });
    const { monthMicros } = defaultBudgets;
    const found = await accounts();
    expect(found['org 2026-11']).toMatchObject({ microsLimit: BigInt(monthMicros.org), warnAt: [50, 80, 100] });
    expect(found['repo 2026-11']).toMatchObject({ microsLimit: BigInt(monthMicros.repo) });
    expect(found['agent 2026-11']).toMatchObject({ microsLimit: null });
    expect(Object.keys(await accounts()).toSorted()).toEqual([
      'agent 2026-11',
      'agent total',
      'org 2026-11',
      'repo 2026-11',
      'run total',
      'task total',
    ]);
  });

  it('reserves in all of them, settles what it came to, and gives back the rest', async () => {
    const { move, accounts } = await ledger();
    expect(await move([reserve('event 1', 300_000, 900)])).toMatchObject({ micros: 700_000 });
    for (const account of Object.values(await accounts())) {
      expect(account).toMatchObject({ microsReserved: 300_000n, tokensReserved: 900n, microsUsed: 0n });
    }
    expect(await move([settle(120_000, 400)])).toMatchObject({ micros: 880_000 });
    for (const account of Object.values(await accounts())) {
      expect(account).toMatchObject({ microsReserved: 0n, tokensReserved: 0n, microsUsed: 120_000n, tokensUsed: 400n });
    }
  });

  it('settles at the reservation what nobody saw the end of', async () => {
    const { move, accounts } = await ledger();
    await move([reserve('event 1', 300_000, 900), settle(null, null)]);
    expect((await accounts())['org 2026-11']).toMatchObject({ microsUsed: 300_000n, tokensUsed: 900n });
  });

  it('refuses what does not fit into one of them, undoes it in all, and says what is left', async () => {
    const { move, accounts, db, orgId, runId } = await ledger();
    await move([]);
    await db.budget.updateMany({ where: { orgId, dimension: 'org' }, data: { microsLimit: 50_000n } });
    const refused = { code: 'budget_exhausted', detail: { left: { micros: 50_000, microsOf: 'org 2026-11' } } };
    await expect(move([reserve('event 1', 50_001)])).rejects.toMatchObject(refused);
    for (const account of Object.values(await accounts())) expect(account.microsReserved).toBe(0n);
    expect(await db.budgetEntry.count({ where: { orgId, runId } })).toBe(0);
    expect(await move([reserve('event 2', 50_000)])).toMatchObject({ micros: 0 });
  });

  it('keeps back what a run lands with from everybody else, and gives it to the run itself', async () => {
    const { move, db, orgId, org, starters, pipelineRunId } = await ledger();
    await move([reserve('landing', 150_000, 9_000)]);
    await db.budget.updateMany({ where: { orgId, dimension: 'org' }, data: { microsLimit: 200_000n } });
    await db.budget.updateMany({ where: { orgId, dimension: 'repo' }, data: { tokensLimit: 20_000n } });
    const kept = { landing: 150_000, landingTokens: 9_000 };
    expect(await move([])).toMatchObject({ micros: 200_000, tokens: 20_000, ...kept });
    const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId, attempt: 2 });
    const other = await makeRun(org, starters, { stageAttemptId });
    await expect(move([reserve('event 1', 60_000)], november, other.runId)).rejects.toThrow('for November 2026');
    await expect(move([reserve('event 2', 1, 11_001)], november, other.runId)).rejects.toThrow(
      'budget of the repo for',
    );
    const given = { micros: 0, tokens: 0, landing: 0, landingTokens: 0 };
    expect(await move([release, reserve('event 9', 200_000, 20_000)])).toMatchObject(given);
  });

  it('counts in the team of the repo and in that of the agent, once where they are the same', async () => {
    const made = await ledger();
    const { move, db, orgId, starters } = made;
    const teamId = await team(made);
    await move([reserve('event 1', 100)]);
    const other = newId('team');
    await db.team.create({ data: { orgId, id: other, name: 'Data', createdAt: november } });
    await db.agent.updateMany({ where: { orgId, id: starters.roles['developer']!.agentId }, data: { teamId: other } });
    await db.budgetLimit.create({
      data: {
        ...{ orgId, id: newId('budgetLimit'), dimension: 'team', subject: other, period: 'month', warnAt: [] },
        ...{ micros: 70n, updatedAt: november },
      },
    });
    expect(await move([settle(60), reserve('event 2', 30)])).toMatchObject({ micros: 40, microsOf: 'team 2026-11' });
    const rows = await db.budget.findMany({ where: { orgId, dimension: 'team' } });
    const byTeam = Object.fromEntries(rows.map((row) => [row.subject, row]));
    expect(byTeam[teamId]).toMatchObject({ microsUsed: 60n, microsReserved: 30n });
    expect(byTeam[other]).toMatchObject({ microsUsed: 0n, microsReserved: 30n, microsLimit: 70n });
  });

  it('moves the accounts that it opens: of teams, of a parent, and none twice', async () => {
    const { org, orgId, db, repoId, taskId, runId, starters } = await ledger();
    const { agentId } = starters.roles['developer']!;
    const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
    const of = { pipelineRunId, stage: 'build/helper', parentRunId: runId, parentCallId: 'c1' };
    const helper = await makeRun(org, starters, await makeStageAttempt(org, of));
    const teams = ['tem_a', 'tem_b'];
    for (const id of teams) await db.team.create({ data: { orgId, id, name: id, createdAt: november } });
    const set = async (ofRepo: string | null, ofAgent: string | null) => {
      await db.repo.updateMany({ where: { orgId, id: repoId }, data: { teamId: ofRepo } });
      await db.agent.updateMany({ where: { orgId, id: agentId }, data: { teamId: ofAgent } });
    };
    const both = `select budget_ids_of_run($1, $2, '2026-11') as ids,
      array(select id from budgets_of_run($1, $2, '2026-11') order by id) as opened`;
    for (const pair of [[null, null], [teams[0]!, null], [null, teams[1]!], [teams[0]!, teams[0]!], teams]) {
      await set(pair[0]!, pair[1]!);
      for (const [id, more] of [
        [runId, 0],
        [helper.runId, 1],
      ] as const) {
        const [row] = await t.admin<{ ids: string[]; opened: string[] }>(both, [orgId, id]);
        expect(row!.ids).toEqual(row!.opened);
        expect(row!.ids).toHaveLength(6 + more + new Set(pair.filter((team) => team !== null)).size);
      }
    }
  });

  it('settles a call that was made before midnight in the month that it was made in', async () => {
    const { move, accounts } = await ledger();
    await move([reserve('event 1', 300_000)], november);
    await move([settle(100_000), reserve('event 2', 200_000)], december);
    const found = await accounts();
    expect(found['org 2026-11']).toMatchObject({ microsReserved: 0n, microsUsed: 100_000n });
    expect(found['org 2026-12']).toMatchObject({ microsReserved: 200_000n, microsUsed: 0n });
    expect(found['run total']).toMatchObject({ microsReserved: 200_000n, microsUsed: 100_000n });
  });

  it('counts time where it passed, with one entry a slice and one more where a month ends within it', async () => {
    const { move, accounts, db, orgId, runId } = await ledger();
    const tick = async (millis: number, at: Date, since: Date, last = false) => {
      await move([{ do: 'tick', millis, since: since.toISOString(), last }], at);
      await db.run.updateMany({ where: { orgId, id: runId }, data: { millisUsed: { increment: millis } } });
    };
    const before = new Date(november.getTime() - 500);
    await tick(500, november, before);
    await tick(200, december, november);
    await tick(300, new Date(december.getTime() + 300), december, true);
    const found = await accounts();
    expect(found['org 2026-11']).toMatchObject({ millisUsed: 500n });
    expect(found['org 2026-12']).toMatchObject({ millisUsed: 500n });
    expect(found['agent total']).toMatchObject({ millisUsed: 1_000n });
    const entries = await db.budgetEntry.findMany({ where: { orgId, kind: 'tick' }, orderBy: { at: 'asc' } });
    expect(entries.map(({ millis }) => millis)).toEqual([500n, 500n]);
  });

  it('says once it is due that people are told of a level', async () => {
    const { move, accounts, db, orgId } = await ledger();
    expect((await move([reserve('event 1', 400_000), settle(499_999)])).due).toEqual([]);
    const { due } = await move([reserve('event 2', 1), settle(1)]);
    expect(due).toEqual([(await accounts())['run total']?.id]);
    await db.budget.updateMany({ where: { orgId, id: due[0] }, data: { warned: 50 } });
    expect((await move([])).due).toEqual([]);
  });
});

const { full } = inject('drill');
const reservations = full ? 10_000 : 2_000;
const atOnce = 500;

/** The repo's team, and the agent's too. */
async function team({ orgId, db }: { orgId: string; db: OrgDb }): Promise<string> {
  const teamId = newId('team');
  await db.team.create({ data: { orgId, id: teamId, name: 'Web', createdAt: november } });
  await db.repo.updateMany({ where: { orgId }, data: { teamId } });
  await db.agent.updateMany({ where: { orgId }, data: { teamId } });
  return teamId;
}

describe(`${reservations} reservations at once`, () => {
  it.each([
    ['org', '2026-11'],
    ['team', '2026-11'],
    ['repo', '2026-11'],
    ['agent', '2026-11'],
    ['agent', 'total'],
    ['task', 'total'],
    ['run', 'total'],
  ] as const)(
    'never overspend the budget of the %s, %s',
    async (dimension, period) => {
      const first = await ledger({ costLimit: 1_000_000_000n });
      const { org, orgId, db, starters, repoId, move } = first;
      const runs = [first.runId];
      await team(first);
      for (let n = 0; n < 7 && dimension !== 'run'; n += 1) {
        const { taskId } = dimension === 'task' ? first : await makeTask(org, { repoId, costLimit: 1_000_000_000n });
        const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
        const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId });
        runs.push((await makeRun(org, starters, { stageAttemptId, costLimit: 1_000_000_000n })).runId);
      }
      for (const runId of runs) await move([], november, runId);
      const limit = BigInt(reservations * 3);
      await db.budget.updateMany({ where: { orgId }, data: { microsLimit: 1_000_000_000n } });
      await db.budget.updateMany({ where: { orgId, dimension, period }, data: { microsLimit: limit } });
      let granted = 0n;
      let refused = 0;
      const one = async (n: number) => {
        const micros = 1 + ((n * 7) % 13);
        try {
          await move([reserve(`event ${n}`, micros)], november, runs[n % runs.length]);
          granted += BigInt(micros);
        } catch (error) {
          expect(error).toMatchObject({ code: 'budget_exhausted' });
          refused += 1;
        }
      };
      for (let from = 0; from < reservations; from += atOnce) {
        await Promise.all(Array.from({ length: atOnce }, (_, n) => one(from + n)));
      }
      const accounts = await db.budget.findMany({ where: { orgId, dimension, period } });
      expect(accounts).toHaveLength(1);
      const reserved = accounts[0]!.microsReserved;
      expect(reserved).toBe(granted);
      expect(reserved).toBeLessThanOrEqual(limit);
      // Whatever is left would not have covered the largest of them.
      expect(reserved).toBeGreaterThan(limit - 14n);
      const entries = await db.budgetEntry.aggregate({ where: { orgId }, _sum: { reserved: true } });
      expect(entries._sum.reserved).toBe(granted);
      const over = reserved > limit ? reserved - limit : 0n;
      tellDrill(
        `${dimension}, ${period}: ${reservations}, ${atOnce} at a time, ${refused} refused; ${reserved} of ${limit} µ$ reserved, over ${over}`,
      );
    },
    full ? 900_000 : 120_000,
  );
});

/** Two reservations of 13 µ$ under a limit of 14, the second begun before the first is committed. */
async function meeting(): Promise<bigint> {
  const { db, orgId, runId, move } = await ledger({ costLimit: 14n });
  await move([]);
  let second: Promise<unknown> = Promise.resolve();
  await t.database.transaction(orgId, async (tx) => {
    await moveLedger(tx, { orgId, runId, at: november, moves: [reserve('event 1', 13)] });
    second = move([reserve('event 2', 13)]).catch((error: unknown) => error);
    const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await expect.poll(() => t.admin(waits), { timeout: 60_000 }).toHaveLength(1);
  });
  await second;
  return (await db.budget.findFirstOrThrow({ where: { orgId, dimension: 'run' } })).microsReserved;
}

it('would be overspent where accounts are not locked before they are looked at', async () => {
  expect(await meeting()).toBe(13n);
  const [whole] = await t.admin<{ text: string }>(`select pg_get_functiondef('ledger_move'::regproc) as text`);
  const broken = whole!.text.replace(/PERFORM 1 FROM budget[^;]*FOR NO KEY UPDATE;/u, '');
  await t.admin(broken);
  try {
    expect(await meeting()).toBe(26n);
  } finally {
    await t.admin(whole!.text);
  }
});
