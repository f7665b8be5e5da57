import type { Page } from '@playwright/test';
import { joinAs } from './steps/join-as.ts';
import { look } from './steps/look.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expect, giveSession, test } from './test.ts';

const folder = 'approve-policy';
const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

async function lookBoth(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await look(page, folder, `${name}-${size}`);
  }
  await page.setViewportSize(sizes.desktop);
}

const refusing = `preset: balanced
approval:
  by: admins
limits:
  - { id: no-docs, on: write, paths: ['docs/**'], then: deny, why: documents are frozen for the release. }
`;

test('a policy that wants a second person: one drafts, cannot approve it, another reads what changes and approves', async ({
  page,
  browser,
  person: { client },
  installation,
  operator,
  errors,
}) => {
  const { org } = await makeReadyOrg(client);
  const other = await joinAs(client, { org: org.slug, role: 'admin', installation, operator });

  await page.goto(`/${org.slug}/settings/policy`);
  const shown = page.getByRole('group', { name: 'How it is shown' });
  await shown.getByRole('button', { name: 'Form' }).click();
  await page.getByLabel('Who else has to approve it').selectOption('admins');
  await lookBoth(page, 'rule-form');
  await page.getByLabel('What changes and why').fill('Two people for each change');
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible();

  await page.getByLabel('Policy in YAML').fill(refusing);
  await page.getByLabel('What changes and why').fill('Documents are frozen');
  await page.getByRole('button', { name: 'Propose version 3' }).click();
  await expect(page.getByText('It waits for somebody else to approve it')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible();
  await expect(page.getByRole('list', { name: 'Waiting for approval' })).toContainText('Documents are frozen');
  await lookBoth(page, 'draft');
  await page.getByRole('link', { name: 'Look at it and decide' }).click();
  await expect(page.getByText('You asked for this', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve version' })).toHaveCount(0);
  const approval = new URL(page.url()).pathname;

  const desk = await browser.newContext({ baseURL: installation.url });
  errors.watch(desk);
  await giveSession(desk, installation.url, other.cookie);
  const theirs = await desk.newPage();
  await theirs.goto(`/${org.slug}/approvals`);
  await lookBoth(theirs, 'list');
  await theirs.getByRole('link', { name: 'Let version 3 of the policy of the org come into force.' }).click();
  await expect(theirs).toHaveURL(approval);
  await expect(theirs.getByText('Stricter, for running agents too')).toBeVisible();
  await theirs.getByRole('button', { name: 'Try it on the last' }).click();
  await expect(theirs.getByText('No call of an agent was recorded in this time.')).toBeVisible();
  await lookBoth(theirs, 'approval');
  await theirs.getByRole('button', { name: 'Approve version' }).click();
  await theirs.getByRole('alertdialog').getByRole('button', { name: 'Approve version' }).click();
  await expect(theirs.getByText('The version is in force.', { exact: false })).toBeVisible();
  await lookBoth(theirs, 'approved');
  await theirs.getByRole('link', { name: 'To the policy' }).click();
  await expect(theirs.getByRole('heading', { name: 'Version 3' })).toBeVisible();
  const policy = await client.policy.get.query({ org: org.slug });
  expect([policy.version, policy.drafts, policy.versions[0]?.note]).toEqual([3, [], 'Documents are frozen']);
  await desk.close();
});
