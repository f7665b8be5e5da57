import { orgPaths, settledMerged } from './steps/places.ts';
import { randomName } from './setup/sign-up.ts';
import { expect, giveSession, test } from './test.ts';

test('a member of another org finds nothing on any page of this one', async ({
  page,
  person,
  installation,
  errors,
}) => {
  errors.allow(/status of 404/);
  await person.client.orgs.create.mutate({ name: randomName('Other') });
  const settled = await settledMerged(installation);
  for (const path of [...Object.values(orgPaths(settled)), `/welcome?org=${settled.org}`]) {
    expect((await page.goto(path))?.status(), path).toBe(404);
    await expect(page.getByText('There is nothing at this address'), path).toBeVisible();
    const html = await page.content();
    for (const theirs of [settled.orgName, 'Add pagination', 'sample-api']) expect(html, path).not.toContain(theirs);
  }
});

test('nobody reaches a page of an org without signing in', async ({ page, installation }) => {
  const settled = await settledMerged(installation);
  for (const path of Object.values(orgPaths(settled))) {
    await page.goto(path);
    await expect(page).toHaveURL(`/sign-in?callbackUrl=${encodeURIComponent(path)}`);
  }
});

test('the installation is its operator’s to look at, and shows nothing of any org', async ({
  page,
  context,
  operator,
  person,
  installation,
  errors,
}) => {
  errors.allow(/status of 404/);
  await person.client.me.get.query();
  expect((await page.goto('/installation'))?.status()).toBe(404);
  const settled = await settledMerged(installation);
  await giveSession(context, installation.url, operator.cookie);
  await page.goto('/installation');
  await expect(page.getByText(/Answers in \d+ ms/)).toBeVisible();
  expect(await page.content()).not.toContain(settled.orgName);
});
