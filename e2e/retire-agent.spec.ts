import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilAsked, untilRun } from './steps/until.ts';
import { expect, test } from './test.ts';

test('an agent is retired while it works, and let work again', async ({ page, person: { client } }) => {
  const ready = await makeReadyOrg(client);
  const org = ready.org.slug;
  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org, taskId };
  const runId = await untilRun(task, 'build');
  await page.goto(`/${org}/agents`);
  await page.getByRole('button', { name: 'Retire Developer' }).click();
  const question = page.getByRole('alertdialog', { name: 'Retire Developer?' });
  await expect(question).toContainText('1 open run will end now');
  await question.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Retire Developer' }).click();
  await question.getByRole('button', { name: 'Retire the agent' }).click();

  const again = page.getByRole('button', { name: 'Let Developer work again' });
  await expect(again).toBeVisible();
  await untilAsked(task, 'escalation');
  await page.goto(`/${org}/runs/${runId}`);
  await expect(page.getByText('The agent Developer has been retired.', { exact: false }).first()).toBeVisible();

  await page.goto(`/${org}/agents`);
  await again.click();
  await expect(page.getByRole('button', { name: 'Retire Developer' })).toBeVisible();
  const log = await client.audit.events.query({ org, limit: 200 });
  expect(JSON.stringify(log)).toContain('agent.reinstated');
});
