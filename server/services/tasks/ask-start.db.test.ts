import { beforeAll, expect, it } from 'vitest';
import type { Choice } from '../../domain/models/choose-model.ts';
import { sampleTask } from '../../domain/tasks/sample-task.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeChange, makeRunWithAll } from '../../testing/factories.ts';
import { askStart } from './ask-start.ts';

let tested: TestDatabase;
beforeAll(async () => {
  tested = await testDatabase();
});

it('the scripted model plays its task once in a repo, a real one as often as it is asked', async () => {
  const { org, taskId, pipelineRunId, repoId } = await makeRunWithAll(tested.database);
  const { orgId, db } = org;
  const { title } = sampleTask;
  const ask = (...choices: Choice[]) => askStart(db, { orgId, repo: { id: repoId, source: 'sample' }, choices, title });
  await db.task.updateMany({ where: { orgId, id: taskId }, data: { title } });
  const { changeId } = await makeChange(org, { pipelineRunId, repoId });
  expect(await ask({ kind: 'scripted' })).toBeNull();
  await db.change.updateMany({ where: { orgId, id: changeId }, data: { status: 'merged' } });
  expect(await ask({ kind: 'scripted' })).toMatch(/already.*API key/);
  expect(await ask()).toBeNull();
});
