import { inspect, windows } from './steps/inspect.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { randomName } from './setup/sign-up.ts';
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

test('the classes of a repo are counted and confirmed when it is connected, or the list says that nobody has', async ({
  page,
  person: { client },
}) => {
  const { slug: org } = await client.orgs.create.mutate({ name: randomName('Connecting') });
  const other = await client.orgs.create.mutate({ name: randomName('Later') });
  const connect = async (slug: string) => {
    await page.goto(`/${slug}/repos`);
    await page.getByRole('button', { name: 'Connect a repo' }).click();
    await page.getByRole('button', { name: 'Connect the sample' }).click();
  };
  const step = page.getByRole('region', { name: 'What is precious in it' });
  await connect(org);
  await expect(step).toContainText('No file is in it yet.');
  await step.getByLabel('@auth').fill('src/store/**');
  await step.getByRole('button', { name: 'Confirm these classes' }).click();
  await expect(step).toHaveCount(0);
  const row = page.getByRole('list', { name: 'Repos' });
  await expect(row).toContainText('sample-api');
  await expect(row).not.toContainText('classes not confirmed');
  const [repo] = await client.repos.list.query({ org });
  expect(repo).toMatchObject({ confirmed: true });
  expect(await client.repos.classes.query({ org, repoId: repo!.id })).toMatchObject({
    own: { '@auth': ['src/store/**'] },
    confirmed: { version: 1 },
  });

  await connect(other.slug);
  await step.getByRole('button', { name: 'Confirm later' }).click();
  await expect(page.getByRole('list', { name: 'Repos' })).toContainText('classes not confirmed');
  await page.getByRole('link', { name: /sample-api/ }).click();
  await expect(page.getByText('Nobody has confirmed the classes of this repo yet')).toBeVisible();
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

    test('the step that confirms them is sound', async ({ page, person: { client } }) => {
      const { slug: org } = await client.orgs.create.mutate({ name: randomName('Connecting') });
      await page.goto(`/${org}/repos`);
      await page.getByRole('button', { name: 'Connect a repo' }).click();
      await page.getByRole('button', { name: 'Connect the sample' }).click();
      await expect(page.getByRole('button', { name: 'Confirm later' })).toBeVisible();
      await inspect(page, window, 'connect-classes');
    });
  });
}
