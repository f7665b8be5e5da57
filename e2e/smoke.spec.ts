import { inspect, windows } from './steps/inspect.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expect, test } from './test.ts';

test('a lead sees in one click that the policy holds, and finds both entries in the log', async ({ page, person }) => {
  const { client } = person;
  const { org } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/settings/policy`);
  await page.getByRole('button', { name: 'Run the smoke test' }).click();
  const answer = page.getByRole('status').filter({ hasText: 'The policy holds' });
  await expect(answer).toContainText('was allowed by');
  await expect(answer).toContainText('was denied by');
  await expect(answer).toContainText('Nothing was written: the file is not there.');
  await answer
    .getByRole('link', { name: /^Audit entry/ })
    .last()
    .click();
  await expect(page.getByRole('main')).toContainText('policy.smoke-tried');
  const log = await client.audit.events.query({ org: org.slug, limit: 200 });
  expect(JSON.stringify(log).match(/policy\.smoke-tried/gu)?.length).toBe(2);
});

for (const window of ['desktop', 'phone'] as const) {
  test.describe(`on a ${window}`, () => {
    test.use(windows[window]);

    test('a file that is named is tried, and the answer is sound', async ({ page, person: { client } }) => {
      const { org } = await makeReadyOrg(client);
      await page.goto(`/${org.slug}/agents/access`);
      await page.getByLabel('File it writes').fill('db/migrations/002_teams.sql');
      await page.getByRole('button', { name: 'Run the smoke test' }).click();
      await expect(page.getByText('held for a person')).toBeVisible();
      await inspect(page, window, 'smoke');
      await page.getByLabel('File it writes').fill('src/new.js');
      await page.getByRole('button', { name: 'Run the smoke test' }).click();
      await expect(page.getByText('The agent may write this file')).toBeVisible();
    });
  });
}
