import { inspect, windows } from './steps/inspect.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expect, test } from './test.ts';

test('a maintainer says what is auth in a repo, and access is decided by it', async ({ page, person: { client } }) => {
  const { org, repo } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/repos/${repo.id}`);
  await expect(page.getByText('Nobody has confirmed the classes of this repo yet')).toBeVisible();
  await page.getByRole('button', { name: 'Look at them and confirm' }).click();
  const form = page.getByRole('form', { name: 'Path classes of this repo' });
  await form.getByLabel('@auth').fill('src/store/**');
  await form.getByRole('button', { name: 'Confirm these classes' }).click();
  const table = page.getByRole('region', { name: 'Files by class' });
  await expect(table.getByRole('row', { name: /@auth/ })).toContainText('src/store/users.js');
  await expect(page.getByText('Confirmed by')).toBeVisible();
  const { confirmed, own } = await client.repos.classes.query({ org: org.slug, repoId: repo.id });
  expect(confirmed?.version).toBe(1);
  expect(own['@auth']).toEqual(['src/store/**']);

  const yaml =
    "preset: balanced\nlimits:\n  - { id: no-auth, on: write, paths: ['@auth'], then: deny, why: it is auth. }\n";
  await client.policy.save.mutate({ org: org.slug, yaml, note: 'No auth', basedOn: 1 });
  await page.goto(`/${org.slug}/agents/access?repo=${repo.id}`);
  const byClass = page.getByRole('region', { name: 'Files by class, Developer' });
  await expect(byClass.getByRole('row', { name: /@auth/ })).toContainText('refused');
  await page.getByLabel('Which').fill('src/store/users.js');
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(page.getByRole('status', { name: 'Answer' })).toContainText('no-auth');
});

for (const window of ['desktop', 'phone'] as const) {
  test.describe(`on a ${window}`, () => {
    test.use(windows[window]);

    test('the classes of a repo are sound', async ({ page, person: { client } }) => {
      const { org, repo } = await makeReadyOrg(client);
      await page.goto(`/${org.slug}/repos/${repo.id}`);
      await page.getByRole('button', { name: 'Look at them and confirm' }).click();
      await inspect(page, window, 'path-classes');
    });
  });
}
