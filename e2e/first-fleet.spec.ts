import { fleetClient } from '../cli/demo/client.ts';
import { readRemote } from '../cli/demo/report.ts';
import { sampleTask } from '../server/domain/tasks/sample-task.ts';
import { randomName } from './setup/sign-up.ts';
import { until, untilTask } from './steps/until.ts';
import { startBeside } from './setup/start-beside.ts';
import { expect, test as base } from './test.ts';
import type { RunningInstallation } from '../server/boot/start-installation.ts';

/** The first start of a machine: nobody has signed in, there is no org. */
const test = base.extend<{ fresh: RunningInstallation }>({
  fresh: async ({ page }, use) => {
    const fresh = await startBeside({ say: () => undefined });
    await use(fresh);
    await page.close();
    await fresh.stop();
  },
});

test('from the owner’s link to a merged change', async ({ page, context, fresh }) => {
  const name = randomName('First fleet');

  await page.goto(await fresh.ownerLink());
  await page.getByRole('button', { name: 'Sign in' }).click();
  // Nobody has an org yet: the owner is led to making one.
  await expect(page).toHaveURL(`${fresh.url}/welcome`);
  const cookie = (await context.cookies()).map((each) => `${each.name}=${each.value}`).join('; ');
  const client = fleetClient({ url: fresh.url, cookie });
  expect(await client.me.get.query()).toMatchObject({ operator: true, orgs: [] });

  await page.getByLabel('Name of the org').fill(name);
  await page.getByRole('button', { name: 'Create org' }).click();
  await expect(page).toHaveURL(/\/welcome\?org=first-fleet-/);
  const org = (await client.orgs.list.query()).find((each) => each.name === name)!.slug;

  await page.getByRole('button', { name: 'Connect the sample' }).click();
  await expect(page.getByText(/sample-api: cloned 1\d files in .*; tests: npm test/)).toBeVisible();
  const [repo] = await client.repos.list.query({ org });
  expect(repo).toMatchObject({ source: 'sample', defaultBranch: 'main', testCommand: 'npm test' });

  await page.getByRole('button', { name: 'Take these roles, policy and pipeline' }).click();
  await expect(page.getByText('Hired Developer and Code reviewer.')).toBeVisible();
  expect(await client.starters.get.query({ org })).toMatchObject({ hired: true });

  await page.getByRole('link', { name: 'File the first task' }).click();
  await expect(page.getByLabel('Title')).toHaveValue(sampleTask.title);
  await expect(page.getByLabel('Text')).toHaveValue(sampleTask.body);
  await expect(page.getByLabel(/^Point \d/)).toHaveCount(4);
  await page.getByRole('button', { name: 'File and start this task' }).click();

  await expect(page).toHaveURL(new RegExp(`/${org}/tasks/(?!new)`));
  const taskId = page.url().split('/').at(-1)!;
  const task = { client, org, taskId };
  expect(await client.tasks.get.query({ org, taskId })).toMatchObject({ title: sampleTask.title, number: 1 });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(sampleTask.title);

  // The page moves by itself: nothing is reloaded until the agent asks.
  await page.getByRole('link', { name: 'Decide' }).click();
  await page.getByRole('radio', { name: 'Yes, edit docs/api.md' }).check();
  await page.getByRole('button', { name: 'Send answer' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Send answer' }).click();
  const decision = page.getByRole('region', { name: 'Decision' });
  await expect(decision).toContainText('The agent has your answer');
  const [answered] = await client.approvals.list.query({ org, status: 'approved' });
  expect(answered).toMatchObject({ kind: 'question', answer: 'Yes, edit docs/api.md' });

  await page.getByRole('link', { name: 'Watch the task' }).click();
  await expect(page.getByText('sent back by review')).toBeVisible({ timeout: 100_000 });
  await expect(page.getByText('Sent back', { exact: true })).toBeVisible();
  await page.getByRole('link', { name: 'Decide' }).click({ timeout: 100_000 });
  await expect(page.getByRole('heading', { level: 1 })).toContainText('into main of sample-api');
  await expect(page.getByText('no test removed or skipped')).toBeVisible();
  await page.getByRole('button', { name: 'Approve merge' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Approve merge' }).click();
  await expect(decision).toContainText('by the person who asked (self-approved)');

  await page.getByRole('link', { name: 'Watch the task' }).click();
  await expect(page.getByRole('main').getByText('Succeeded')).toBeVisible({ timeout: 100_000 });
  const { pipelineRun } = await untilTask(task, 'the task ended', (view) => view.pipelineRun.endedAt !== null);
  expect(pipelineRun.stages.filter((stage) => stage.stage === 'build')).toHaveLength(2);

  await page.getByRole('link', { name: 'See the change' }).click();
  await expect(page.getByText('Merged into main as')).toBeVisible();
  await expect(page.getByText('Changes requested')).toBeVisible();
  const { changeId } = pipelineRun;
  const merged = () => client.changes.get.query({ org, changeId: changeId! });
  const change = await until('the change is merged', merged, (each) => each.status === 'merged');
  expect(change.reviews.map((review) => review.verdict)).toEqual(['changes_requested', 'approve']);
  const remote = await readRemote({ remote: repo!.remote, branch: 'main', merged: change.merged });
  expect(remote).toMatchObject({
    merged: change.merged,
    cleanCheckout: { tests: 16, failed: 0 },
    branches: 0,
    mergeCommits: 1,
  });
});
