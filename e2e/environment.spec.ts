import { makeReadyOrg } from './steps/orgs.ts';
import { picture } from './steps/picture.ts';
import { expectAccessible, expectNoSidewaysScroll } from './steps/sound.ts';
import { expect, test } from './test.ts';

test('a repo’s environment is checked, a broken command is shown with its output, and mended by hand', async ({
  page,
  person: { client },
}) => {
  const { org, repo } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/repos/${repo.id}`);
  await page.getByRole('button', { name: 'Check the environment' }).click();
  const step = (name: string) =>
    page
      .getByRole('list', { name: 'Environment checklist' })
      .getByRole('listitem')
      .filter({ has: page.getByText(name, { exact: true }) });
  const tests = step('Tests');
  await expect(tests).toContainText('Works');
  await expect(step('Clone')).toContainText(/Fetched \w{10}: 1\d files/u);
  await step('Tools').getByText('What it said').click();
  await expect(step('Tools')).toContainText(/node v\d+\./u);

  const type = async (command: string) => {
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByLabel('Test command').fill(command);
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByLabel('Test command')).toBeHidden();
  };
  await type('echo the disk of the tests is full; exit 3');
  await expect(page.getByText('Checked with other commands').first()).toBeVisible();
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(tests).toContainText('Broken');
  await tests.getByText('What it said').click();
  await expect(tests).toContainText('the disk of the tests is full');
  await expectAccessible(page);
  await picture(page, 'pages/desktop-light/environment', { fullPage: true });
  await page.setViewportSize({ width: 375, height: 800 });
  await expectNoSidewaysScroll(page);

  await type('npm test');
  await page.getByRole('button', { name: 'Run again' }).click();
  await expect(tests).toContainText('Works');
  expect(await client.repos.list.query({ org: org.slug })).toMatchObject([{ testCommand: 'npm test' }]);
});
