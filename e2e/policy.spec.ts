import { makeReadyOrg } from './steps/orgs.ts';
import { expectAccessible, expectNoSidewaysScroll } from './steps/sound.ts';
import { expect, test } from './test.ts';

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
  for (const [name, size] of Object.entries({
    desktop: { width: 1440, height: 900 },
    phone: { width: 390, height: 844 },
  })) {
    await page.setViewportSize(size);
    await expectNoSidewaysScroll(page);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `test-results/pages/${name}-${colorScheme}/policy.png`, fullPage: true });
      await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
    }
  }
  await page.getByRole('button', { name: 'Save as version 2' }).click();
  await expect(page.getByRole('heading', { name: 'Version 2' })).toBeVisible();
  await page.getByRole('button', { name: 'Go back to version 1' }).click();
  await expect(page.getByRole('heading', { name: 'Version 3' })).toBeVisible();
  await expect(editor).toHaveValue('preset: balanced\n');
  const saved = await client.policy.get.query({ org: org.slug });
  expect(saved.versions.map(({ note }) => note)).toEqual(['Back to version 1', 'Two people look at migrations', '']);
});
