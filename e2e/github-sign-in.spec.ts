import type { BrowserContext } from '@playwright/test';
import { githubCookie, type GithubUser } from './doubles/github.ts';
import { randomEmail } from './setup/sign-up.ts';
import { expect, test } from './test.ts';

let next = Math.floor(Math.random() * 1e9);

async function onGithub(context: BrowserContext, url: string, user: Partial<GithubUser>): Promise<GithubUser> {
  const whole = { id: (next += 1), name: 'Ann Example', email: randomEmail(), verified: true, ...user };
  await context.addCookies([{ name: githubCookie, value: encodeURIComponent(JSON.stringify(whole)), url }]);
  return whole;
}

test('GitHub signs in a new person by a verified address, and the same person again', async ({
  page,
  context,
  installation,
}) => {
  const { email } = await onGithub(context, installation.githubUrl, {});
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with GitHub' }).click();
  await expect(page).toHaveURL(/\/welcome$/);
  await page.getByRole('button', { name: 'Your account' }).click();
  await expect(page.getByRole('menu')).toContainText(email);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await page.getByRole('button', { name: 'Continue with GitHub' }).click();
  await expect(page).toHaveURL(/\/welcome$/);
});

test('an address that GitHub does not vouch for signs nobody in', async ({ page, context, installation }) => {
  await onGithub(context, installation.githubUrl, { verified: false });
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with GitHub' }).click();
  await expect(page.getByText('GitHub does not vouch for your address')).toBeVisible();
});

test('an account is joined to GitHub by its person alone, on the account page', async ({
  page,
  context,
  installation,
  person,
}) => {
  await onGithub(context, installation.githubUrl, { email: person.email });
  const cookies = await context.cookies(installation.url);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with GitHub' }).click();
  await expect(page.getByText('This address belongs to an account already'), 'signed in or not').toBeVisible();

  await context.addCookies(cookies);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Connect GitHub' }).click();
  await expect(page.getByText('Your GitHub account signs you in here.')).toBeVisible();

  await context.clearCookies({ name: 'next-auth.session-token' });
  await page.goto('/sign-in?callbackUrl=/account');
  await page.getByRole('button', { name: 'Continue with GitHub' }).click();
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole('button', { name: 'Disconnect GitHub' }).click();
  await expect(page.getByRole('button', { name: 'Connect GitHub' })).toBeVisible();
});
