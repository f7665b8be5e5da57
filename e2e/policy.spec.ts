import type { Page } from '@playwright/test';
import { approve } from './steps/decide.ts';
import { inspect as inspectPage, windows } from './steps/inspect.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilAsked, untilRun } from './steps/until.ts';
import { expect, test } from './test.ts';

/** Looks at the page in both themes, on a desk and on a phone. */
async function inspect(page: Page, shot: string): Promise<void> {
  for (const window of ['desktop', 'phone'] as const) {
    await page.setViewportSize(windows[window].viewport);
    await inspectPage(page, window, shot);
  }
  await page.setViewportSize(windows.desktop.viewport);
}

const rule = `preset: balanced
defaults:
  - { id: w8-migrations, on: write, paths: ['@migrations'], then: ask, who: two }
cases:
  - { write: db/migrations/2.sql, is: ask }
`;

test('a lead writes a policy, reads what it means, saves it and goes back', async ({
  page,
  errors,
  person: { client },
}) => {
  errors.allow(/status of 400/);
  const { org } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/settings`);
  await page.getByRole('link', { name: 'Policy', exact: true }).click();
  const editor = page.getByLabel('Policy in YAML');
  await expect(editor).toHaveValue('preset: balanced\n');

  await editor.fill(rule.replace('is: ask }\n', 'is: deny }\n'));
  await page.getByLabel('What changes and why').fill('Two people look at migrations');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByText('Not saved, because a case fails', { exact: false })).toBeVisible();

  await editor.fill(rule);
  await page.getByRole('button', { name: 'Say what it means' }).click();
  await expect(
    page
      .getByText('writing @migrations', { exact: false })
      .or(page.getByText('is put to two people', { exact: false })),
  ).toBeVisible();
  await expect(page.getByText('1 of 1 case hold', { exact: false })).toBeVisible();
  await inspect(page, 'policy');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible();
  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await expect(page.getByRole('heading', { name: 'Version 3' })).toBeVisible();
  await expect(editor).toHaveValue('preset: balanced\n');
  const saved = await client.policy.get.query({ org: org.slug });
  expect(saved.versions.map(({ note }) => note)).toEqual(['Back to version 1', 'Two people look at migrations', '']);
});

test('a lead writes in the form what is asked about, tries it on the past, and the running agent is asked', async ({
  page,
  person: { client },
}) => {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const task = { client, org: ready.org.slug, taskId };
  const runId = await untilRun(task, 'build');
  const question = await untilAsked(task, 'question');

  await page.goto(`/${task.org}/settings/policy`);
  const shown = page.getByRole('group', { name: 'How it is shown' });
  await shown.getByRole('button', { name: 'Form' }).click();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const editor = page.getByRole('alertdialog', { name: 'Add a rule' });
  await editor.getByLabel('Paths', { exact: true }).fill('@migrations\ndocs/**');
  await editor.getByLabel('Who answers').selectOption('lead');
  await editor.getByLabel('Id', { exact: true }).fill('ask-migrations');
  await editor.getByLabel('Why (optional)').fill('developers touch migrations and documents only when asked');
  await expect(editor.getByRole('status')).toContainText(
    'In words: writing @migrations or docs/** is put to a maintainer of the repo.',
  );
  await inspect(page, 'policy-rule');
  await editor.getByRole('button', { name: 'Put it into the policy' }).click();
  const rules = page.getByRole('list', { name: 'Rules of this policy' });
  await expect(rules).toContainText('ask-migrations');

  await page.getByRole('button', { name: 'Try it on the last' }).click();
  await expect(page.getByText('each comes out as under the saved version', { exact: false })).toBeVisible();
  await page.getByText('rules of the preset balanced').click();
  await inspect(page, 'policy-form');
  await shown.getByRole('button', { name: 'Text' }).click();
  await expect(page.getByLabel('Policy in YAML')).toHaveValue(/id: ask-migrations/);
  await page.getByLabel('What changes and why').fill('Ask before migrations and documents change');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible();

  await page.goto(`/${task.org}/runs/${runId}`);
  await approve(client, task.org, question);
  await page
    .getByRole('button', { name: /^Edit docs\/api\.md/ })
    .first()
    .click();
  await expect(page.getByText('(rule ask-migrations, org)', { exact: false }).first()).toBeVisible();
  await expect(page.getByText('Other rules hold by now: version 2 of the org’s policy')).toBeVisible();
  await expect(page.getByText('Holds for this run from here on:')).toBeVisible();
});
