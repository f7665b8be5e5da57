import { makeReadyOrg } from './steps/orgs.ts';
import { expectAccessible, expectNoSidewaysScroll } from './steps/sound.ts';
import { expect, test } from './test.ts';

const value = 'npm_never-shown-0123456789';

test('a secret is saved, replaced and removed, and never shown', async ({ page, errors, person: { client } }) => {
  errors.allow(/status of 400/);
  const { org } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/settings/secrets`);
  await page.getByRole('button', { name: 'Add a secret' }).click();
  const form = page.getByRole('alertdialog', { name: 'Add a secret' });
  await expectAccessible(page);
  await form.getByLabel('Variable').fill('NPM_TOKEN');
  await form.getByLabel('Secret', { exact: true }).fill(value);
  await form.getByLabel('Hosts it may be sent to').fill('https://npm.example.com');
  await form.getByRole('button', { name: 'Save the secret' }).click();
  await expect(form.getByText('https://npm.example.com: write a host such as', { exact: false })).toBeVisible();
  await form.getByLabel('Hosts it may be sent to').fill('npm.example.com\nfiles.example.com:8443');
  await form.getByRole('button', { name: 'Save the secret' }).click();
  await expect(form).toBeHidden();
  await expect(page.getByText('npm.example.com, files.example.com:8443')).toBeVisible();
  await expect(page.getByText('Set-ups of every repo', { exact: false })).toBeVisible();

  await page.setViewportSize({ width: 375, height: 800 });
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'Replace NPM_TOKEN' }).click();
  const again = page.getByRole('alertdialog', { name: 'Replace NPM_TOKEN' });
  await expect(again.getByLabel('New secret')).toHaveValue('');
  await again.getByLabel('New secret').fill(`${value}-2`);
  await again.getByLabel('Runs of agents', { exact: false }).check();
  await again.getByRole('button', { name: 'Replace the secret' }).click();
  await expect(page.getByText('Set-ups and runs of every repo', { exact: false })).toBeVisible();
  const [saved] = await client.secrets.list.query({ org: org.slug });
  expect(saved).toMatchObject({ inSetUp: true, inRuns: true, places: ['npm.example.com', 'files.example.com:8443'] });

  await page.getByRole('button', { name: 'Remove NPM_TOKEN' }).click();
  await page.getByRole('button', { name: 'Remove the secret' }).click();
  await expect(page.getByText('There is none.', { exact: false })).toBeVisible();
  expect(await client.secrets.list.query({ org: org.slug })).toEqual([]);
  const log = JSON.stringify(await client.audit.events.query({ org: org.slug, limit: 200 }));
  expect(log).toContain('secret.removed');
  expect(log).not.toContain('never-shown');
});
