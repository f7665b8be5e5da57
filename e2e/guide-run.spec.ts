import { approve } from './steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilAsked, untilRun, untilRunIs } from './steps/until.ts';
import type { Person } from './setup/sign-up.ts';
import { expect, test } from './test.ts';

/** A task whose developer has asked its question and waits for the answer. */
async function untilItAsks({ client }: Person) {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org: ready.org.slug, taskId };
  const runId = await untilRun(task, 'build');
  const question = await untilAsked(task, 'question');
  return { ...task, runId, question, path: `/${task.org}/runs/${runId}` };
}

test('a person tells a run something, pauses it and lets it go on', async ({ page, person }) => {
  const run = await untilItAsks(person);
  await page.goto(run.path);
  await page.getByLabel('Message to the agent').fill('Mind the last page.');
  await page.getByRole('button', { name: 'Send' }).click();
  const onTheirWay = page.getByRole('list', { name: 'Messages on their way' });
  await expect(onTheirWay).toContainText('Mind the last page.');

  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('button', { name: 'Do not pause' }).click();
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Do not pause' })).toBeVisible();
  await approve(run.client, run.org, run.question);
  const resume = page.getByRole('button', { name: 'Resume', exact: true });
  await expect(resume).toBeVisible();
  await expect(page.getByText('Waiting for a person to resume it').first()).toBeVisible();
  await expect(onTheirWay).toContainText('Mind the last page.');

  await resume.click();
  const transcript = page.getByRole('list', { name: 'Transcript' });
  await expect(transcript.getByRole('listitem').filter({ hasText: 'A person told the agent' })).toContainText(
    'Mind the last page.',
  );
  await expect(onTheirWay).toBeHidden();
  await untilRunIs(run, run.runId, 'succeeded');
  await expect(page.getByRole('button', { name: 'Resume', exact: true })).toHaveCount(0);
});

test('a person retries a run from one of its turns', async ({ page, person }) => {
  const run = await untilItAsks(person);
  await page.goto(run.path);
  await page.getByRole('button', { name: 'Turn 2: more' }).click();
  await page.getByRole('menuitem', { name: 'What this turn changed' }).click();
  await expect(page.getByRole('region', { name: 'What turn 2 changed' })).toBeVisible();
  await page.getByRole('button', { name: 'Whole diff' }).click();

  await page.getByRole('button', { name: 'Turn 2: more' }).press('Enter');
  await page.getByRole('menuitem', { name: 'Retry from here' }).click();
  const question = page.getByRole('alertdialog', { name: 'Retry from turn 2?' });
  await question.getByLabel('What to do differently').fill('Ask me again.');
  await question.getByRole('button', { name: 'Retry from turn 2' }).click();

  await expect(page.getByText('Goes on from turn 2 of the run before')).toBeVisible();
  await expect(page.getByRole('main').getByText('build, attempt 2')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Transcript' })).toContainText('Ask me again.');
  const again = await untilAsked(run, 'question');
  expect(again.id).not.toBe(run.question.id);
  await approve(run.client, run.org, again);
  const next = page.url().split('/').at(-1)!;
  await untilRunIs(run, next, 'succeeded');

  await page.getByRole('link', { name: 'Goes on from turn 2 of an earlier run' }).click();
  await expect(page.getByText('A person had another run go on from turn 2.').first()).toBeVisible();
  await page.getByRole('link', { name: 'Another run goes on from one of its turns' }).click();
  await expect(page).toHaveURL(new RegExp(next));
});
