import { randomName, signUp } from './setup/sign-up.ts';
import { picture } from './steps/picture.ts';
import { expect, test } from './test.ts';

test('a team is made, peopled, renamed and removed', async ({ page, person, installation, operator }) => {
  const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
  const { email } = await signUp({ url: installation.url, operatorCookie: operator.cookie });
  await page.goto(`/${org}/settings/teams`);
  await page.getByLabel('New team').fill('Payments');
  await page.getByRole('button', { name: 'Add the team' }).click();
  await expect(page.getByRole('heading', { name: 'Payments' })).toBeVisible();
  await page.getByLabel('Put a member into Payments').selectOption({ label: person.email });
  await expect(page.getByRole('list', { name: 'Members of Payments' })).toContainText(person.email);
  await expect(page.getByRole('main')).not.toContainText(email);
  await picture(page, 'teams/team');
  await page.getByRole('button', { name: 'Rename Payments' }).click();
  await page.getByRole('alertdialog').getByLabel('Name').fill('Billing');
  await page.getByRole('button', { name: 'Save the name' }).click();
  await page.getByRole('button', { name: `Take out ${person.email} from Billing` }).click();
  await expect(page.getByText('Nobody is in it yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Remove the team Billing' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove the team' }).click();
  await expect(page.getByText('There is no team yet')).toBeVisible();
  const log = await person.client.audit.events.query({ org, limit: 20 });
  expect(log.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['team.added', 'team.member-set', 'team.renamed', 'team.removed']),
  );
});
