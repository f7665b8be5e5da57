import type { Page } from '@playwright/test';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { picture } from './steps/picture.ts';
import { expectAccessible } from './steps/sound.ts';
import { untilAsked, untilRun, untilRunIs } from './steps/until.ts';
import { expect, test } from './test.ts';

async function openBudget(page: Page, of: string) {
  await page.getByRole('button', { name: `Set the budget of ${of}`, exact: true }).click();
  const form = page.getByRole('alertdialog', { name: `Budget of ${of}` });
  return { form, save: () => form.getByRole('button', { name: 'Set the budget' }).click() };
}

test('a run that is short of time asks for more, is given less, and people are told how far the org is', async ({
  page,
  errors,
  person: { client },
}) => {
  errors.allow(/status of 400/);
  const ready = await makeReadyOrg(client);
  const org = ready.org.slug;
  await page.goto(`/${org}/settings`);
  await page.getByLabel('Warn at per cent').fill('30, 90');
  await page.getByRole('button', { name: 'Save the levels' }).click();
  const whole = await openBudget(page, 'The org');
  await whole.form.getByLabel('Run time in minutes').fill('1');
  await whole.form.getByLabel('Runs at once').fill('21');
  await whole.save();
  await expect(whole.form.getByLabel('Runs at once')).toHaveAccessibleDescription(/at most 20 runs of an org at once/);
  await whole.form.getByLabel('Tokens').fill('many');
  await whole.save();
  await expect(whole.form.getByLabel('Tokens')).toHaveAccessibleDescription(/Type a number only, such as 500000\./);
  await whole.form.getByLabel('Tokens').fill('0');
  await whole.save();
  await expect(whole.form.getByLabel('Tokens')).toHaveAccessibleDescription(/cannot be zero: nothing could start/);
  await whole.form.getByLabel('Tokens').fill('');
  await whole.form.getByLabel('Runs at once').fill('5');
  await whole.save();
  await expect(whole.form).toBeHidden();
  const each = await openBudget(page, 'Every new run');
  await each.form.getByLabel('Run time in minutes').fill('0.5');
  await each.save();
  await expect(each.form).toBeHidden();
  const { rows, warnAt } = await client.settings.budgets.query({ org });
  expect(warnAt).toEqual([30, 90]);
  expect(rows.find(({ dimension }) => dimension === 'org')).toMatchObject({ seconds: 60, maxRuns: 5 });
  expect(rows.find(({ dimension }) => dimension === 'run')).toMatchObject({ seconds: 30 });

  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org, taskId };
  const runId = await untilRun(task, 'build');
  const raise = await untilAsked(task, 'budget');
  await page.goto(`/${org}/approvals/${raise.id}`);
  await page.getByLabel('Minutes to give').fill('0.25');
  await expectAccessible(page);
  await picture(page, 'budgets/raise');
  await page.getByRole('button', { name: 'Approve narrower' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Raise the budget' }).click();
  await expect(page.getByRole('region', { name: 'Decision' })).toContainText('Given: 15 s of run-time more.');
  await page.goto(`/${org}/runs/${runId}`);
  await expect(page.getByText('A person gave 15 s of run-time more')).toBeVisible();
  await client.runs.stop.mutate({ org, runId, reason: 'Seen enough.' });
  await untilRunIs(task, runId, 'stopped');

  await page.goto(`/${org}`);
  await expect(page.getByText(/The org has used \d+ % of its run-time for/)).toBeVisible();
  await page.goto(`/${org}/settings`);
  const burn = page.locator('#budgets figure').first();
  await expect(burn).toContainText(/\$\d+\.\d\d spent (this month\. Going on like this|today; a forecast)/);
});
