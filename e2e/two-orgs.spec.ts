import type { Browser, BrowserContext, Page } from '@playwright/test';
import { randomEmail, randomName } from './setup/sign-up.ts';
import { expect, test } from './test.ts';
import type { Person } from './setup/sign-up.ts';

type Signing = { page: Page; email: string; operator: Person };

/** What is mailed to somebody, as the operator of an installation without a mail server reads it. */
async function mailed({ email, operator }: Omit<Signing, 'page'>, shape: RegExp): Promise<string> {
  const mails = await operator.client.installation.outbox.query();
  return shape.exec(mails.find(({ to, text }) => to === email && shape.test(text))?.text ?? '')![0];
}

/** Signs in by the pages alone and makes an org of one's own. */
async function comeIn({ page, email, operator }: Signing): Promise<{ name: string; slug: string }> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Send sign-in link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
  await page.goto(await mailed({ email, operator }, /^http\S+sign-in\/confirm\S+$/m));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  const name = randomName('Org');
  await page.getByLabel('Name of the org').fill(name);
  await page.getByRole('button', { name: 'Create org' }).click();
  await expect(page).toHaveURL(/\/welcome\?org=/);
  return { name, slug: new URL(page.url()).searchParams.get('org')! };
}

async function anotherBrowser(
  browser: Browser,
  { url, errors }: { url: string; errors: { watch(context: BrowserContext): void } },
): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url });
  errors.watch(context);
  return context;
}

/** The orgs that the switcher offers. */
async function offered(page: Page, name: string): Promise<string[]> {
  await page.getByRole('button', { name }).click();
  const items = await page.getByRole('menu').getByRole('menuitem').allTextContents();
  await page.keyboard.press('Escape');
  return items;
}

test('two strangers with an org each share one, until the one removes the other', async ({
  page,
  browser,
  installation,
  operator,
  errors,
}) => {
  errors.allow(/status of 40[134]/);
  const desk = await anotherBrowser(browser, { url: installation.url, errors });
  const [ann, ben] = [page, await desk.newPage()];
  const [annsAddress, bensAddress] = [randomEmail(), randomEmail()];
  const hers = await comeIn({ page: ann, email: annsAddress, operator });
  const his = await comeIn({ page: ben, email: bensAddress, operator });

  // Neither sees the other's.
  expect((await ann.goto(`/${his.slug}`))?.status()).toBe(404);
  expect((await ben.goto(`/${hers.slug}/settings/members`))?.status()).toBe(404);
  expect(await ben.content()).not.toContain(hers.name);

  await ann.goto(`/${hers.slug}/settings/members`);
  await ann.getByLabel('E-mail').fill(bensAddress);
  await ann.getByLabel('Role', { exact: true }).selectOption('member');
  await ann.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(ann.getByRole('list', { name: 'Invitations' })).toContainText(bensAddress);

  await ben.goto(await mailed({ email: bensAddress, operator }, /^http\S+invitation\S+$/m));
  await ben.getByRole('button', { name: 'Join the org' }).click();
  await expect(ben).toHaveURL(new RegExp(`[/=]${hers.slug}$`));
  await ben.goto(`/${hers.slug}/settings/members`);
  await expect(ben.getByRole('list', { name: 'Members' })).toContainText(annsAddress);
  await expect(ben.getByRole('button', { name: 'Send the invitation' })).toHaveCount(0);
  expect(await offered(ben, hers.name)).toEqual(expect.arrayContaining([hers.name, his.name]));

  await ann.reload();
  const said = (procedure: string) => ann.waitForResponse((answer) => answer.url().includes(procedure));
  const [promoted] = await Promise.all([
    said('people.changeRole'),
    ann.getByRole('combobox', { name: `Role of ${bensAddress}` }).selectOption('admin'),
  ]);
  expect(promoted.status()).toBe(200);
  await ben.reload();
  await expect(ben.getByRole('button', { name: 'Send the invitation' })).toBeVisible();

  await ben.goto(`/${hers.slug}`);
  await expect(ben.getByRole('heading', { name: 'Board' })).toBeVisible();
  await ann.getByRole('button', { name: `Remove ${bensAddress}` }).click();
  await Promise.all([
    said('people.remove'),
    ann.getByRole('alertdialog').getByRole('button', { name: 'Remove the member' }).click(),
  ]);
  // Five seconds, and one for the page to be drawn.
  await expect(ben.getByText('There is nothing at this address')).toBeVisible({ timeout: 6_000 });
  expect(await ben.content()).not.toContain(annsAddress);
  expect((await ben.goto(`/${hers.slug}/settings/members`))?.status()).toBe(404);

  // His own org is as it was, and hers is in no list of his any more.
  await ben.goto(`/${his.slug}/settings/members`);
  await expect(ben.getByRole('list', { name: 'Members' })).toContainText(bensAddress);
  expect(await offered(ben, his.name)).not.toContain(hers.name);
  await expect(ann.getByRole('list', { name: 'Members' })).not.toContainText(bensAddress);
  await desk.close();
});
