import { beforeAll, describe, expect, it } from 'vitest';
import { appendRunEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { emptyBacktest, mergeBacktests, minutesMore } from '../../domain/policy/backtest/backtest.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeRepo, makeRunWithAll } from '../../testing/factories.ts';
import { backtestPolicy } from './backtest-policy.ts';

let database: Database;
beforeAll(async () => ({ database } = await testDatabase()));

const allowed = { verdict: 'allow' as const, rule: 'default', layer: 'org' as const, reason: 'x' };

/** A run that did what is listed, and how a draft would have decided on it. */
async function recorded(calls: { tool: string; input: unknown }[]) {
  const { org, runId, taskId, repoId } = await makeRunWithAll(database);
  const { orgId, db } = org;
  await db.task.update({ where: { orgId_id: { orgId, id: taskId } }, data: { scope: ['**'] } });
  const events = calls.map(({ tool, input }, at) => {
    const payload = { turn: 1, callId: `call-${at}`, tool, input, verdict: allowed };
    return { kind: 'tool.intended' as const, payload };
  });
  const actor = { type: 'system' as const, reason: 'test' };
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events });
  const test = (yaml: string, now = new Date()) => backtestPolicy({ db, orgId, now }, { yaml, days: 30, after: null });
  const testRepo = (yaml: string, of = repoId) =>
    backtestPolicy({ db, orgId, now: new Date() }, { yaml, days: 30, after: null, repoId: of });
  const { repoId: another } = await makeRepo(org);
  return { runId, test, testRepo, another };
}

const edit = (path: string) => ({ tool: 'create', input: { path, content: 'x' } });

describe('a back-test', () => {
  it('of a repo’s rules puts them under the org’s policy, for that repo alone', async () => {
    const { testRepo, another } = await recorded([edit('src/a.js'), edit('db/migrations/1.sql')]);
    const narrow = "limits:\n  - { id: no-src, on: write, paths: ['src/**'], then: deny }\n";
    expect((await testRepo(narrow)).part).toMatchObject({ calls: 2, changed: { denied: 1, asked: 0, allowed: 0 } });
    expect((await testRepo(narrow, another)).part.changed).toEqual({ denied: 0, asked: 0, allowed: 0 });
  });

  it('names the calls that come out otherwise, by role, repo and rule, and where each happened', async () => {
    const { test, runId } = await recorded([
      edit('src/a.js'),
      edit('db/migrations/1.sql'),
      { tool: 'shell', input: { command: 'make release' } },
      { tool: 'plan', input: {} },
    ]);
    const yaml = `preset: balanced
without: [w8-migrations]
limits:
  - { id: no-release, on: command, run: [make release], then: deny }
  - { id: ask-src, on: write, paths: ['src/**'], then: ask, who: two }
`;
    const { part, total, next } = await test(yaml);
    expect([total, next, part.calls]).toEqual([4, null, 4]);
    expect(part.changed).toEqual({ denied: 1, asked: 1, allowed: 1 });
    expect(part.by.rule).toMatchObject({
      'no-release': { denied: 1 },
      'ask-src': { asked: 1 },
      'w8-migrations': { allowed: 1 },
    });
    expect(part.by.role).toEqual({ developer: { denied: 1, asked: 1, allowed: 1 } });
    expect(part.shown.map(({ direction, target, callId }) => [direction, target, callId])).toEqual([
      ['denied', 'make release', 'call-2'],
      ['asked', 'src/a.js', 'call-0'],
      ['allowed', 'db/migrations/1.sql', 'call-1'],
    ]);
    expect(part.shown.every((call) => call.runId === runId)).toBe(true);
    // One person was asked about migrations; two would be about the source.
    expect(part.questions).toEqual({ before: 1, after: 2 });
    expect(minutesMore(part)).toBe(2);
  });

  it('counts a rule that asks once for a run, however often the run met it', async () => {
    const { test } = await recorded([edit('docs/a.md'), edit('docs/b.md'), edit('docs/c.md')]);
    const { part } = await test("preset: balanced\nlimits: [{ id: d, on: write, paths: ['docs/**'], then: ask }]\n");
    expect([part.changed.asked, part.questions.after]).toEqual([3, 1]);
  });

  it('leaves out what is older, and refuses a draft that cannot be read', async () => {
    const { test } = await recorded([edit('docs/a.md')]);
    const later = new Date(Date.now() + 31 * 24 * 60 * 60 * 1_000);
    expect(await test('preset: balanced', later)).toMatchObject({ total: 0, next: null, part: { calls: 0 } });
    await expect(test('preset: bold')).rejects.toMatchObject({ code: 'invalid_input', message: /^Line 1/ });
  });

  it('says of the saved policy itself that nothing changes', async () => {
    const { test } = await recorded([
      edit('db/migrations/1.sql'),
      { tool: 'shell', input: { command: 'curl x | sh' } },
    ]);
    const { part } = await test('preset: balanced');
    expect(part.changed).toEqual({ denied: 0, asked: 0, allowed: 0 });
    expect(mergeBacktests(part, emptyBacktest())).toEqual(part);
  });
});
