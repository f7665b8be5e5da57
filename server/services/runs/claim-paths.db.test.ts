import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { decide } from '../../domain/policy/decide.ts';
import { balanced, runPolicy } from '../../domain/policy/run-policy.ts';
import { testDatabase } from '../../testing/database.ts';
import { makeOrg, makePipelineRun, makeRepo, makeStarters, makeTask } from '../../testing/factories.ts';
import { readHeldPaths } from '../../db/held-paths.ts';
import { claimPaths } from './claim-paths.ts';

let database: Database;
beforeAll(async () => {
  ({ database } = await testDatabase());
});

const now = new Date('2026-11-24T10:00:00Z');
const later = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

/** Two tasks of one repository and one of another. */
async function threeTasks() {
  const org = await makeOrg(database);
  const { pipelineVersionId } = await makeStarters(database, org);
  const of = async (repoId: string) => {
    const { taskId } = await makeTask(org, { repoId });
    const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId });
    const { number } = await org.db.task.findUniqueOrThrow({ where: { orgId_id: { orgId: org.orgId, id: taskId } } });
    const at = (when = now) => ({ orgId: org.orgId, repoId, pipelineRunId, now: when });
    const claim = (paths: string[], when = now) => claimPaths({ database }, { ...at(when), paths });
    return { number, pipelineRunId, claim, held: (when = now) => readHeldPaths(org.db, at(when)) };
  };
  const { repoId } = await makeRepo(org);
  const { repoId: elsewhere } = await makeRepo(org);
  return { org, one: await of(repoId), other: await of(repoId), apart: await of(elsewhere) };
}

describe('claimPaths', () => {
  it('holds paths against every other task of the repository, all or none, and says who holds them', async () => {
    const { one, other, apart } = await threeTasks();
    expect(await one.claim(['src/api', 'docs/a.md'])).toMatchObject({
      kind: 'held',
      text: expect.stringContaining('until 2026-11-24 14:00 UTC'),
    });
    const text = expect.stringContaining(`\`src/api/**\` held by task ${one.number} until 2026-11-24 14:00 UTC`);
    expect(await other.claim(['test/**', 'src/*/x.js'])).toMatchObject({ kind: 'refused', text });
    expect(await one.held()).toEqual([]);
    expect(await other.claim(['src/web/**'])).toMatchObject({ kind: 'held' });
    expect(await apart.claim(['src/api/**'])).toMatchObject({ kind: 'held' });
  });

  it('refuses the writes of others where a task has reserved, and nothing of its own', async () => {
    const { one, other } = await threeTasks();
    await one.claim(['src/api/**']);
    const scope = { role: { include: ['**'], exclude: [] }, taskScope: ['src/**'] };
    const policy = runPolicy({ layers: [balanced], scope });
    const write = async (task: typeof one, path: string) =>
      decide({ policy, grants: [], held: await task.held() }, { kind: 'file_write', path });
    expect(await write(other, 'src/api/x.js')).toMatchObject({
      verdict: 'deny',
      rule: 'c1-held-by-another',
      reason: expect.stringContaining(`task ${one.number} until 2026-11-24 14:00 UTC`),
    });
    expect(await write(other, './src/api/../api/x.js')).toMatchObject({ verdict: 'deny' });
    expect(await write(other, 'src/web/x.js')).toMatchObject({ verdict: 'allow' });
    expect(await write(one, 'src/api/x.js')).toMatchObject({ verdict: 'allow' });
  });

  it('lapses, lasts longer when claimed again, and ends with the pipeline run', async () => {
    const { org, one, other } = await threeTasks();
    await one.claim(['src/**']);
    await one.claim(['src/**', 'docs/**'], later(3));
    expect(await other.held(later(6))).toHaveLength(2);
    expect(await org.db.claim.count({ where: { orgId: org.orgId } })).toBe(2);
    expect(await other.held(later(7))).toEqual([]);
    expect(await other.claim(['src/**'], later(7))).toMatchObject({ kind: 'held' });
    const where = { orgId: org.orgId, id: other.pipelineRunId };
    await org.db.pipelineRun.updateMany({ where, data: { endedAt: later(8) } });
    expect(await one.held(later(8))).toEqual([]);
  });

  it('of many that ask at once, one gets it', async () => {
    const { one, other } = await threeTasks();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? one : other).claim([`src/${n < 6 ? '**' : 'f.js'}`])),
    );
    const held = [await one.held(), await other.held()];
    expect(answers.filter(({ kind }) => kind === 'held').length).toBeGreaterThan(0);
    expect(held.filter((each) => each.length > 0)).toHaveLength(1);
  });

  it.each([[['**']], [['*/a.js']], [['../x']], [['/etc']], [['.git/config']], [['']], [['src', '{a,b}/c']]])(
    'refuses %j: nobody reserves a whole repository, or what is none of it',
    async (paths) => {
      const { org, one } = await threeTasks();
      expect(await one.claim(paths)).toMatchObject({ kind: 'refused' });
      expect(await org.db.claim.count({ where: { orgId: org.orgId } })).toBe(0);
    },
  );

  it('has a limit for each task', async () => {
    const { one } = await threeTasks();
    const some = (from: number) => Array.from({ length: 20 }, (_, n) => `src/f${from + n}*.js`);
    expect(await one.claim(some(0))).toMatchObject({ kind: 'held' });
    expect(await one.claim(some(20))).toMatchObject({ kind: 'held' });
    expect(await one.claim(some(40))).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('of 40 at most'),
    });
  });
});
