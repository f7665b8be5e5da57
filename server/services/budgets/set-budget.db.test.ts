import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { moveLedger } from '../../db/ledger.ts';
import { forecastMicros } from '../../domain/budget/forecast.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { getBudgets } from '../views/get-budgets.ts';
import { setBudget, type BudgetSetting } from './set-budget.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-16T00:00:00Z');
const none = { micros: null, tokens: null, seconds: null };

async function made() {
  const all = await makeRunWithAll(database);
  const { orgId, db, owner } = all.org;
  const actor = { type: 'user' as const, userId: owner.userId };
  const set = (setting: BudgetSetting) => setBudget({ database, orgId, actor, now }, setting);
  const viewer = { userId: owner.userId, role: 'owner' as const };
  const view = () => getBudgets({ db, orgId, now, viewer, system: database.system });
  const left = (moves: Parameters<typeof moveLedger>[1]['moves'] = []) =>
    moveLedger(db, { orgId, runId: all.runId, at: now, moves });
  return { ...all, orgId, db, set, view, left };
}

describe('a budget that people set', () => {
  it('holds for the month that has begun, and is shown with what was used', async () => {
    const { orgId, set, view, left } = await made();
    await left([{ do: 'settle', micros: 400_000, tokens: 900 }]);
    await set({ dimension: 'org', subject: orgId, ...none, micros: 500_000 });
    expect(await left()).toMatchObject({ micros: 100_000, microsOf: 'org 2026-11' });
    const { rows } = await view();
    expect(rows[0]).toMatchObject({ dimension: 'org', micros: 500_000, usedMicros: 400_000, usedTokens: 900 });
    for (const row of rows.filter(({ dimension }) => ['org', 'repo'].includes(dimension))) {
      expect(row.days.at(-1)).toEqual({ day: 16, micros: 400_000 });
      expect(row.forecastMicros).toBe(800_000);
    }
    const worker = rows.find(({ dimension, usedMicros }) => dimension === 'agent' && usedMicros > 0);
    expect(worker).toMatchObject({ forecastMicros: 800_000 });
  });

  it('is the default until somebody sets it, and no limit where that is set', async () => {
    const { orgId, set, view, left } = await made();
    const row = async () => (await view()).rows[0];
    expect(await row()).toMatchObject({ micros: 200_000_000, byDefault: true, maxRuns: 20 });
    await set({ dimension: 'org', subject: orgId, ...none, maxRuns: 3 });
    expect(await row()).toMatchObject({ micros: null, byDefault: false, maxRuns: 3 });
    expect((await left()).microsOf).not.toBe('org 2026-11');
  });

  it('may be lowered below what was used: then nothing is left', async () => {
    const { orgId, set, left } = await made();
    await left([{ do: 'settle', micros: 400_000, tokens: 0 }]);
    await set({ dimension: 'org', subject: orgId, ...none, micros: 1 });
    expect((await left()).micros).toBeLessThan(0);
  });

  it('for every run bounds runs that begin afterwards, and gives none more than its role', async () => {
    const { orgId, set, left } = await made();
    await set({ dimension: 'run', subject: orgId, micros: 30_000, tokens: 7_000, seconds: 1_000_000 });
    expect(await left()).toMatchObject({ micros: 30_000, tokens: 7_000, millis: 600_000 });
  });

  it.each([
    [{ micros: -1 }, 'invalid_input'],
    [{ micros: 0 }, 'invalid_input'],
    [{ seconds: 1e15 }, 'invalid_input'],
    [{ tokens: 0.5 }, 'invalid_input'],
    [{ subject: 'org_of_somebody_else' }, 'not_found'],
    [{ dimension: 'agent' as const }, 'not_found'],
    [{ dimension: 'team' as const }, 'not_found'],
    [{ maxRuns: 0 }, 'invalid_input'],
    [{ maxRuns: 1.5 }, 'invalid_input'],
    [{ maxRuns: 21 }, 'invalid_input'],
  ])('%j is refused: %s', async (over, code) => {
    const { orgId, set } = await made();
    await expect(set({ dimension: 'org', subject: orgId, ...none, ...over })).rejects.toMatchObject({ code });
  });
});

it('a forecast waits for the second day', () => {
  expect(forecastMicros({ spent: 5, now: new Date('2026-11-01T23:59:59Z') })).toBeNull();
  expect(forecastMicros({ spent: 5, now: new Date('2026-11-02T00:00:00Z') })).toBe(150);
});
