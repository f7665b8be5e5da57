import { makeReadyOrg } from './steps/orgs.ts';
import { picture } from './steps/picture.ts';
import { expectAccessible, expectNoSidewaysScroll, inWholeHeight } from './steps/sound.ts';
import { expect, test } from './test.ts';

const noMigrations = `preset: balanced
limits:
  - { id: no-migrations, on: write, paths: ['@migrations'], then: deny, why: the database is for people. }
`;

test('a lead asks what an agent may do in a repo, and what the last version of the policy changed', async ({
  page,
  person: { client },
}) => {
  const { org, repo } = await makeReadyOrg(client);
  const saved = { org: org.slug, yaml: noMigrations, note: 'No migrations', basedOn: 1 };
  await client.policy.save.mutate(saved);
  await page.goto(`/${org.slug}/repos/${repo.id}`);
  await page.getByRole('link', { name: 'What agents may do here' }).click();

  const table = page.getByRole('region', { name: 'Files by class, Developer' });
  await expect(table.getByRole('row', { name: /@migrations/ })).toHaveText('@migrations1refusedallowed');
  await expect(page.getByRole('list', { name: 'Commands' }).getByRole('listitem').first()).toContainText('npm test');

  await page.getByLabel('Which').fill('db/migrations/002.sql');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const answer = page.getByRole('status', { name: 'Answer' });
  await expect(answer).toContainText('Refused');
  await expect(answer).toContainText('no-migrations of the org, version 2');
  await expect(answer).toContainText('the database is for people.');
  await page.getByLabel('May it').selectOption({ label: 'Run the command' });
  await page.getByLabel('Which').fill('npm test && git config user.name x');
  await page.keyboard.press('Enter');
  await expect(answer).toContainText('s5-git-settings');

  await page.getByRole('button', { name: 'Compare with another' }).click();
  await page.getByLabel('Compared with policy').selectOption('1');
  await expect(page.getByText('1 answer about files differs.')).toBeVisible();
  const differing = page.getByRole('list', { name: 'Files that differ' });
  await expect(differing).toContainText('db/migrations/001_users.sql');
  await expect(differing).toContainText('Asked');
  await expect(differing).toContainText('Refused');
  for (const [name, size] of Object.entries({
    desktop: { width: 1440, height: 900 },
    phone: { width: 390, height: 844 },
  })) {
    await page.setViewportSize(size);
    await expectNoSidewaysScroll(page);
    await inWholeHeight(page, async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await picture(page, `pages/${name}-${colorScheme}/access-compared`);
        await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
      }
    });
  }

  await page.getByLabel('Compared with role').selectOption({ label: 'Code reviewer' });
  await expect(page.getByRole('region', { name: /Files by class, Code reviewer/ })).toContainText('all refused');
});
