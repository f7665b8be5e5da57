import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilRun, untilTask } from './steps/until.ts';
import { expect, test } from './test.ts';

const reason = 'Filed by mistake.';

test('a person stops a run from its page', async ({ page, person }) => {
  const { client, email } = person;
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const org = ready.org.slug;
  const task = { client, org, taskId };
  const runId = await untilRun(task, 'build');
  await page.goto(`/${org}/runs/${runId}`);

  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  const question = page.getByRole('alertdialog', { name: 'Stop this run?' });
  await question.getByRole('button', { name: 'Let it run' }).click();
  await expect(question).toBeHidden();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await question.getByLabel('Why').fill(reason);
  await question.getByRole('button', { name: 'Stop the run' }).click();

  const main = page.getByRole('main');
  await expect(main.getByText('Stopped', { exact: true }).first()).toBeVisible();
  await expect(main.getByText(reason).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toHaveCount(0);
  const run = await client.runs.get.query({ org, runId });
  expect(run).toMatchObject({ status: 'stopped', endedAt: expect.any(String) });
  const ended = await untilTask(task, 'the task ended', ({ pipelineRun }) => pipelineRun.endedAt !== null);
  expect(ended.pipelineRun.status).toBe('stopped');
  expect(await client.approvals.list.query({ org, status: 'pending' })).toEqual([]);
  const log = await client.audit.events.query({ org, limit: 200 });
  expect(JSON.stringify(log)).toContain(reason);

  await page.getByRole('link', { name: /#1 Add pagination/ }).click();
  await expect(main.getByText(new RegExp(reason)).first()).toBeVisible();
  await expect(main.getByText(email).first()).toBeVisible();
});
