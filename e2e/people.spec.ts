import { fleetClient } from '../cli/demo/client.ts';
import { randomEmail, randomName, signUp } from './setup/sign-up.ts';
import { picture } from './steps/picture.ts';
import { expect, giveSession, test } from './test.ts';

test('a person with an org of their own is invited to another, joins by the button alone, is promoted, and removed while looking', async ({
  page,
  browser,
  request,
  person: owner,
  operator,
  installation,
  errors,
}) => {
  const name = randomName('Crew');
  const { slug: org } = await owner.client.orgs.create.mutate({ name });
  const email = randomEmail();

  await page.goto(`/${org}/settings`);
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Members' }).click();
  await expect(page.getByText('the last owner cannot leave')).toBeVisible();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Role', { exact: true }).selectOption('auditor');
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(page.getByRole('list', { name: 'Invitations' })).toContainText(email);

  const mails = await operator.client.installation.outbox.query();
  const link = /^http\S+invitation\S+$/m.exec(mails.find(({ to }) => to === email)!.text)![0];
  // What a mail scanner does changes nothing.
  await request.get(link);
  await request.head(link);

  const guest = await signUp(installation, email);
  const own = await guest.client.orgs.create.mutate({ name: randomName('Own') });
  const desk = await browser.newContext({ baseURL: installation.url });
  errors.watch(desk);
  errors.allow(/status of 40[134]/);
  await giveSession(desk, installation.url, guest.cookie);
  const theirs = await desk.newPage();
  expect((await theirs.goto(`/${org}`))?.status()).toBe(404);
  await theirs.goto(link);
  await expect(theirs.getByRole('heading', { name: `Join ${name}` })).toBeVisible();
  await picture(theirs, 'people/invitation');
  await theirs.getByRole('button', { name: 'Join the org' }).click();
  await expect(theirs).toHaveURL(`/${org}`);
  await theirs.goto(link);
  await expect(theirs.getByText('You are a member of this org')).toBeVisible();

  const stranger = await signUp(installation);
  const shown = await stranger.client.invitations.get.query({ secret: new URL(link).searchParams.get('secret')! });
  expect(shown).toEqual({ state: 'other-address' });

  await page.getByRole('combobox', { name: `Role of ${email}` }).selectOption('maintainer');
  await expect.poll(async () => (await guest.client.orgs.get.query({ org })).role).toBe('maintainer');

  await theirs.goto(`/${org}`);
  await expect(theirs.getByRole('heading', { name: 'Board' })).toBeVisible();
  await picture(page, 'people/promoted');
  await page.getByRole('button', { name: `Remove ${email}` }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove the member' }).click();
  await expect(page.getByRole('list', { name: 'Members' })).not.toContainText(email);
  await expect(theirs.getByText('There is nothing at this address')).toBeVisible({ timeout: 6_000 });
  await picture(theirs, 'people/removed');
  await theirs.goto(`/${own.slug}/settings/members`);
  await expect(theirs.getByText('the last owner cannot leave')).toBeVisible();
  await desk.close();

  const log = await fleetClient({ url: installation.url, cookie: owner.cookie }).audit.events.query({ org, limit: 50 });
  expect(log.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['member.invited', 'member.joined', 'member.role-changed', 'member.removed']),
  );
});
