import { makeReadyOrg } from './steps/orgs.ts';
import { picture } from './steps/picture.ts';
import { expectAccessible, expectNoSidewaysScroll } from './steps/sound.ts';
import { expect, test } from './test.ts';

const key = 'e2b_never-shown-0123456789';

test('an account that does not answer is not connected, and its key is not kept', async ({
  page,
  errors,
  person: { client },
}) => {
  errors.allow(/status of 400/);
  const { org } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/settings`);
  await expect(page.getByText('run where the operator of this server says', { exact: false })).toBeVisible();
  await page.getByRole('button', { name: 'Connect an account of E2B' }).click();
  const form = page.getByRole('alertdialog', { name: 'Connect an account of E2B' });
  await expect(form.getByLabel('Address')).toHaveValue('https://e2b.app');
  await expectAccessible(page);
  await form.getByLabel('Address').fill('https://nowhere.invalid');
  await form.getByLabel('Key').fill(key);
  await page.keyboard.press('Enter');
  await expect(
    form.getByText('E2B did not answer at https://nowhere.invalid (no such host', { exact: false }),
  ).toBeVisible();
  await picture(page, 'pages/desktop-light/sandboxes');
  await page.setViewportSize({ width: 375, height: 800 });
  await expectNoSidewaysScroll(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page, ['color-contrast']);
  await picture(page, 'pages/phone-dark/sandboxes');
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
  expect(await client.settings.sandboxes.query({ org: org.slug })).toMatchObject({ account: null });
  const log = JSON.stringify(await client.audit.events.query({ org: org.slug, limit: 200 }));
  expect(log).not.toContain('never-shown');
});
