import { execa } from 'execa';
import { approve } from './steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilAsked, untilTask } from './steps/until.ts';
import { expect, test } from './test.ts';

const reason = 'The total belongs into the body. Not this way.';

test('a denied merge ends the task, tells why, and leaves the remote alone', async ({ page, person: { client } }) => {
  const ready = await makeReadyOrg(client);
  const { remote, defaultBranch } = ready.repo;
  const head = async () => (await execa('git', ['-C', remote, 'rev-parse', defaultBranch])).stdout;
  const before = await head();
  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org: ready.org.slug, taskId };
  await approve(client, task.org, await untilAsked(task, 'question'));
  const merge = await untilAsked(task, 'merge');

  await page.goto(`/${task.org}/approvals/${merge.id}`);
  await page.getByRole('button', { name: 'Deny merge' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByRole('button', { name: 'Deny merge' }).click();
  await expect(question.getByLabel('Reason'), 'a denial needs a reason').toBeFocused();
  expect(await client.approvals.get.query({ org: task.org, approvalId: merge.id })).toMatchObject({
    status: 'pending',
  });
  await expect(question.getByLabel('Send it back to be reworked')).not.toBeChecked();
  await question.getByLabel('Reason').fill(reason);
  await question.getByRole('button', { name: 'Deny merge' }).click();

  const decision = page.getByRole('region', { name: 'Decision' });
  await expect(decision).toContainText('Nothing is merged.');
  await expect(decision).toContainText(`“${reason}”`);
  const decided = await client.approvals.get.query({ org: task.org, approvalId: merge.id });
  expect(decided).toMatchObject({ status: 'denied', votes: [{ verdict: 'denied', reason }] });

  const ended = await untilTask(task, 'the task ended', ({ pipelineRun }) => pipelineRun.endedAt !== null);
  await decision.getByRole('link', { name: 'Watch the task' }).click();
  const main = page.getByRole('main');
  await expect(main.getByText(ended.pipelineRun.sentence, { exact: true }).first()).toBeVisible();
  await expect(main.getByText(`Denied: ${reason}`)).toBeVisible();
  expect(ended.pipelineRun.status).toBe('failed');
  expect(await head()).toBe(before);

  await page.getByRole('link', { name: 'See the change' }).click();
  await expect(page.getByText('Closed without a merge. The branch is kept.')).toBeVisible();
  const { branch } = await client.changes.get.query({ org: task.org, changeId: ended.pipelineRun.changeId! });
  await expect(execa('git', ['-C', remote, 'rev-parse', '--verify', branch])).resolves.toBeTruthy();
});

test('a denied merge that is sent back is worked on again, with the reason', async ({ page, person: { client } }) => {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org: ready.org.slug, taskId };
  await approve(client, task.org, await untilAsked(task, 'question'));
  const merge = await untilAsked(task, 'merge');

  await page.goto(`/${task.org}/approvals/${merge.id}`);
  await page.getByRole('button', { name: 'Deny merge' }).click();
  const question = page.getByRole('alertdialog');
  await question.getByLabel('Reason').fill(reason);
  await question.getByLabel('Send it back to be reworked').check();
  await question.getByRole('button', { name: 'Deny merge' }).click();

  await expect(page.getByRole('region', { name: 'Decision' })).toContainText('works on the change once more');
  const decided = await client.approvals.get.query({ org: task.org, approvalId: merge.id });
  expect(decided).toMatchObject({ status: 'denied', rework: true });
  const { pipelineRun } = await untilTask(task, 'the third build', (view) =>
    view.pipelineRun.stages.some(({ stage, attempt }) => stage === 'build' && attempt === 3),
  );
  expect(pipelineRun.endedAt).toBeNull();
});
