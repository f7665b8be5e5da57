import { beforeAll, beforeEach, expect, test } from 'vitest';
import { callerAs, testWeb } from '../../api/testing/test-web.ts';
import { openListener } from '../../db/listen.ts';
import { sampleTask } from '../../domain/tasks/sample-task.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeOrg, makeRepo, makeStarters } from '../../testing/factories.ts';
import { takeKernel, whyNoKernel } from './kernel.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});
beforeEach(async () => {
  await t.admin('delete from kernel');
});

const now = new Date('2026-11-28T04:00:00Z');
const at =
  (kernel: string | null, trusting: string[] = []): Placing =>
  async (orgId) => ({
    kernel,
    trusts: (other) => other === orgId || [orgId, other].every((one) => trusting.includes(one)),
    byName: false,
  });
const take = (orgId: string, placing: Placing) => takeKernel({ database: t.database, orgId, placing }, now);
const why = (orgId: string, placing: Placing) => whyNoKernel({ database: t.database, orgId, placing });

test('one org alone never hears of it', async () => {
  expect(await why('org_a', at('local'))).toBeNull();
  await take('org_a', at('local'));
  await take('org_a', at('local'));
  expect(await why('org_a', at('local'))).toBeNull();
});

test('a second one is refused until the operator marks both or gives it a kernel of its own', async () => {
  await take('org_a', at('local'));
  expect(await why('org_b', at('local'))).toMatch(/npx fleet trust --all[^]*npx fleet engine use NAME --org/u);
  await expect(take('org_b', at('local'))).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  await expect(take('org_b', at('local', ['org_b']))).rejects.toThrow();
  await take('org_b', at('local', ['org_a', 'org_b']));
  await take('org_b', at('engine.example'));
  await take('org_b', at(null));
  expect(await why('org_a', at('engine.example'))).not.toBeNull();
});

test('of many at once one gets it', async () => {
  const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => take(`org_${n}`, at('local'))));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a person is told before a task is filed, and none is', async () => {
  const listener = openListener(t.appUrl);
  try {
    const org = await makeOrg(t.database);
    await makeStarters(t.database, org);
    const { repoId } = await makeRepo(org, { source: 'sample' });
    const { tasks } = callerAs(testWeb({ database: t.database, listener }), { ...org.owner, operator: false });
    const question = { org: org.slug, repoId, title: sampleTask.title };
    expect(await tasks.preflight(question)).toEqual({ canStart: true, why: null });
    await take('org_first', at('local'));
    expect(await tasks.preflight(question)).toMatchObject({ canStart: false, why: expect.stringContaining('kernel') });
    const filed = { ...question, body: 'x', acceptance: [], scope: ['**'] };
    await expect(tasks.create(filed)).rejects.toMatchObject({ message: expect.stringContaining('npx fleet trust') });
    expect(await org.db.task.count()).toBe(0);
  } finally {
    await listener.close();
  }
});
