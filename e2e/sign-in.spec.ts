import { fleetClient } from '../cli/demo/client.ts';
import { randomEmail } from './setup/sign-up.ts';
import { expect, giveSession, test } from './test.ts';

test('a mailed link signs in once, by its button alone, until the person signs out', async ({
  page,
  context,
  browser,
  installation,
  operator,
  request,
  errors,
}) => {
  const email = randomEmail();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send sign-in link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();

  const desk = await browser.newContext({ baseURL: installation.url });
  errors.watch(desk);
  await giveSession(desk, installation.url, operator.cookie);
  const outbox = await desk.newPage();
  await outbox.goto('/outbox');
  const mail = outbox.getByRole('listitem').filter({ hasText: email });
  await expect(mail).toContainText('The link works once, for one hour.');
  const link = (await mail.getByRole('link').last().getAttribute('href'))!;

  // What a mail scanner does to a link: fetch it, probe it, open it in a browser.
  expect((await request.get(link)).status()).toBe(200);
  expect((await request.head(link)).status()).toBe(200);
  const scanner = await browser.newContext();
  errors.watch(scanner);
  const visited = await scanner.newPage();
  await visited.goto(link, { waitUntil: 'networkidle' });
  await expect(visited.getByText(email)).toBeVisible();
  expect(await scanner.cookies()).toEqual([]);
  await scanner.close();

  await page.goto(link);
  await expect(page.getByText(`You are signing in as ${email}`)).toBeVisible();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const me = fleetClient({ url: installation.url, cookie }).me.get;
  expect(await me.query()).toMatchObject({ email, operator: false, orgs: [] });

  await outbox.goto(link);
  await outbox.getByRole('button', { name: 'Sign in' }).click();
  await expect(outbox.getByText('This sign-in link no longer works')).toBeVisible();
  await expect(outbox.getByText('It was used already or is too old.', { exact: false })).toBeVisible();
  expect(await operator.client.me.get.query(), 'the refused link changed nobody').toMatchObject({ operator: true });
  await desk.close();

  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByRole('menu')).toContainText(email);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(me.query(), 'the session is gone on the server').rejects.toMatchObject({
    data: { code: 'UNAUTHORIZED' },
  });
  await page.goto('/welcome');
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=%2Fwelcome$/);
});

test('a link that was cut in half says so', async ({ page }) => {
  await page.goto('/sign-in/confirm?email=somebody%40example.com');
  await expect(page.getByText('This link is not whole')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in' })).toHaveCount(0);
});

test('a page asked for before signing in is where signing in leads', async ({ page, person, context }) => {
  const org = await person.client.orgs.create.mutate({ name: 'Somewhere' });
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.goto(`/${org.slug}/audit`);
  await expect(page).toHaveURL(`/sign-in?callbackUrl=${encodeURIComponent(`/${org.slug}/audit`)}`);
  await context.addCookies(cookies);
  await page.goto(`/${org.slug}/audit`);
  await expect(page.getByRole('heading', { name: 'Audit' })).toBeVisible();
});
