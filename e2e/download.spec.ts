import { randomName } from './setup/sign-up.ts';
import { inspect } from './steps/inspect.ts';
import { joinAs } from './steps/join-as.ts';
import { expect, giveSession, test } from './test.ts';

test('who may not take the log any more is told so on a page, and comes back', async ({
  page,
  context,
  person,
  installation,
  operator,
  errors,
}) => {
  errors.allow(/status of 403/);
  const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
  const guest = await joinAs(person.client, { org, role: 'auditor', installation, operator });
  await context.clearCookies();
  await giveSession(context, installation.url, guest.cookie);
  await page.goto(`/${org}/audit`);
  await expect(page.getByRole('button', { name: 'CSV, for tables' })).toBeVisible();
  const { members } = await person.client.people.list.query({ org });
  const { id: memberId } = members.find(({ email }) => email === guest.email)!;
  await person.client.people.changeRole.mutate({ org, memberId, role: 'member' });
  await page.getByRole('button', { name: 'CSV, for tables' }).click();
  await expect(page.getByText('The download did not start')).toBeVisible();
  await expect(page.getByText('Your role in this org, member, does not include audit:verify')).toBeVisible();
  await inspect(page, 'desktop', 'download-failed');
  await page.getByRole('button', { name: 'Back to where you were' }).click();
  await expect(page).toHaveURL(`/${org}/audit`);
});
