import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { moveLedger } from '../../db/ledger.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { claimRun } from '../runs/claim-run.ts';
import { releaseRun } from '../runs/release-run.ts';
import { getBudgetAlerts } from '../views/get-budget-alerts.ts';
import { getBudgets } from '../views/get-budgets.ts';
import { addTeam } from './add-team.ts';
import { assignTeam } from './assign-team.ts';
import { setBudget } from './set-budget.ts';
import { setLevels } from './set-levels.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-16T00:00:00Z');
const none = { micros: null, tokens: null, seconds: null };

async function made() {
  const all = await makeRunWithAll(database, { costLimit: 1_000_000n });
  const { orgId, db, owner } = all.org;
  const by = { database, orgId, actor: { type: 'user' as const, userId: owner.userId }, now };
  const spend = (micros: number) =>
    moveLedger(db, { orgId, runId: all.runId, at: now, moves: [{ do: 'settle', micros, tokens: 0 }] });
  const alerts = (of: Parameters<typeof getBudgetAlerts>[1] = {}) => getBudgetAlerts({ db, orgId, now }, of);
  const told = async () => {
    const events = await readAllEvents(db, { orgId, kind: 'org', subject: orgId });
    return events.filter(({ kind }) => kind === 'budget.warned').map(({ payload }) => payload as { dimension: string });
  };
  return { ...all, orgId, db, owner, by, spend, alerts, told };
}

describe('people are told of a budget', () => {
  it('by whatever moves it, the end of a slice included, and once', async () => {
    const { orgId, runId, spend, told } = await made();
    await spend(850_000);
    expect(await told()).toEqual([]);
    const answer = await claimRun({ database, orgId, now, worker: 'w' }, { runId });
    if (answer.kind !== 'claimed') throw new Error(answer.kind);
    expect(await told()).toMatchObject([{ dimension: 'run', unit: 'micros', level: 80 }]);
    await releaseRun({ database }, { now, claim: answer.claim });
    expect(await told()).toHaveLength(1);
  });

  it('when it is set to less than is used, and at the levels that the org chose', async () => {
    const { orgId, by, spend, told } = await made();
    await spend(300_000);
    await setBudget(by, { dimension: 'org', subject: orgId, ...none, micros: 700_000 });
    expect(await told()).toEqual([]);
    await setLevels(by, { levels: [90, 40] });
    expect(await told()).toMatchObject([{ dimension: 'org', level: 40, used: 300_000, limit: 700_000 }]);
    await setBudget(by, { dimension: 'org', subject: orgId, ...none, micros: 310_000 });
    expect((await told()).at(-1)).toMatchObject({ dimension: 'org', level: 90 });
    await expect(setLevels(by, { levels: [0] })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(setLevels(by, { levels: [50, 50] })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('on the pages of what it concerns, in a sentence', async () => {
    const { orgId, runId, taskId, by, spend, alerts } = await made();
    await spend(850_000);
    expect(await alerts()).toEqual([]);
    const ofRun = { dimension: 'run', percent: 85, level: 80 };
    const sentence = 'This run has used 85 % of its money: $0.85 of $1.00.';
    expect(await alerts({ runId })).toMatchObject([{ ...ofRun, sentence }]);
    await setBudget(by, { dimension: 'org', subject: orgId, ...none, micros: 850_000 });
    const words = /^The org has used 100 % of its money for November 2026: \$0\.85 of \$0\.85\. Its runs are stopped/;
    expect(await alerts()).toMatchObject([{ dimension: 'org', sentence: expect.stringMatching(words) }]);
    expect((await alerts({ taskId })).map(({ dimension }) => dimension)).toEqual(['org', 'run']);
    const other = await made();
    expect(await other.alerts({ runId })).toEqual([]);
  });
});

describe('a team', () => {
  it('has a budget in which its repos and agents count', async () => {
    const { db, orgId, owner, by, repoId, runId, spend, alerts } = await made();
    const { teamId } = await addTeam(by, { name: 'Web' });
    await assignTeam(by, { dimension: 'repo', subject: repoId, teamId });
    await setBudget(by, { dimension: 'team', subject: teamId, ...none, micros: 500_000 });
    await spend(300_000);
    const viewer = { userId: owner.userId, role: 'owner' as const };
    const { rows, teams } = await getBudgets({ db, orgId, now, viewer, system: database.system });
    expect(teams).toEqual([{ id: teamId, name: 'Web' }]);
    expect(rows.find(({ dimension }) => dimension === 'team')).toMatchObject({ micros: 500_000, usedMicros: 300_000 });
    expect(rows.find(({ subject }) => subject === repoId)).toMatchObject({ teamId });
    expect(await alerts()).toMatchObject([{ name: 'The team Web', percent: 60 }]);
    const over = moveLedger(db, {
      orgId,
      runId,
      at: now,
      moves: [{ do: 'reserve', call: 'c', micros: 200_001, tokens: 0 }],
    });
    await expect(over).rejects.toThrow('The budget of the team for November 2026 does not cover this.');
  });

  it('is named once in an org, and nobody else’s is taken', async () => {
    const { by, repoId } = await made();
    await addTeam(by, { name: 'Web' });
    await expect(addTeam(by, { name: 'Web' })).rejects.toMatchObject({ code: 'conflict' });
    const other = await made();
    const { teamId } = await addTeam(other.by, { name: 'Web' });
    const taken = assignTeam(by, { dimension: 'repo', subject: repoId, teamId });
    await expect(taken).rejects.toMatchObject({ code: 'not_found' });
    const foreign = assignTeam(by, { dimension: 'repo', subject: other.repoId, teamId: null });
    await expect(foreign).rejects.toMatchObject({ code: 'not_found' });
  });
});
