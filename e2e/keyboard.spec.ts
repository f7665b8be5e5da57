import type { Locator, Page } from '@playwright/test';
import { settledAsked } from './steps/places.ts';
import { expect, giveSession, test } from './test.ts';

/** What Tab reaches, in order, by its accessible name, up to `last`. Every stop must show the focus ring. */
async function tabTo(page: Page, last: string): Promise<string[]> {
  const names: string[] = [];
  while (names.at(-1) !== last) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    await expect(focused, `a stop after ${names.join(' → ')}`).toHaveCount(1);
    names.push(await nameOf(focused));
    await expectRing(focused);
  }
  return names;
}

async function nameOf(focused: Locator): Promise<string> {
  const snapshot = await focused.ariaSnapshot();
  return snapshot
    .split('\n')[0]!
    .replace(/^- /, '')
    .replace(/( \[.*\])?:?$/, '')
    .replaceAll('"', '');
}

/** A line of at least two pixels round the element, or round the card it stands for. */
async function expectRing(focused: Locator): Promise<void> {
  const ring = await focused.evaluate((element) => {
    const looks = [getComputedStyle(element), getComputedStyle(element, '::after')];
    for (let box = element.parentElement; box; box = box.parentElement) looks.push(getComputedStyle(box));
    return looks.some(
      ({ outlineStyle, outlineWidth }) => outlineStyle === 'solid' && Number.parseFloat(outlineWidth) >= 2,
    );
  });
  expect(ring, `a focus ring on ${await nameOf(focused)}`).toBe(true);
}

test('signing in works by keyboard alone', async ({ page }) => {
  await page.goto('/sign-in');
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await expectRing(page.getByLabel('E-mail'));
  await page.keyboard.type('keys@example.com');
  expect(await tabTo(page, 'button Send sign-in link')).toHaveLength(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Look into your mailbox' })).toBeVisible();
});

test('an approval is reached, read and left by keyboard alone', async ({ page, context, installation }) => {
  const settled = await settledAsked(installation);
  await giveSession(context, installation.url, settled.cookie);
  await page.goto(`/${settled.org}/approvals/${settled.approvalId}`);
  await expect(page.getByText('no test removed or skipped')).toBeVisible();

  const names = await tabTo(page, 'button Approve merge');
  expect(names[0]).toBe('link Skip to content');
  expect(names.at(-2), names.join(' → ')).toBe('button Deny merge');
  expect(names.findIndex((name) => name.startsWith('link #1 Add pagination'))).toBeGreaterThan(0);

  const deny = page.getByRole('button', { name: 'Deny merge' });
  await deny.focus();
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog', { name: 'Deny this merge?' });
  await expect(question.getByLabel('Reason')).toBeFocused();
  for (let stop = 0; stop < 6; stop += 1) {
    await page.keyboard.press('Tab');
    await expect(question.locator(':focus'), 'focus stays in the question').toHaveCount(1);
    await expectRing(page.locator(':focus'));
  }
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(deny).toBeFocused();

  await page.keyboard.press('a');
  await expect(page.getByRole('alertdialog', { name: 'Approve this merge?' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
});

test('the rows of a list are walked with J and K and opened with Enter', async ({ page, context, installation }) => {
  const settled = await settledAsked(installation);
  await giveSession(context, installation.url, settled.cookie);
  await page.goto(`/${settled.org}/approvals`);
  const rows = page.locator('[data-row]');
  await expect(rows).toHaveCount(2);
  // Keys are heard once the page has come alive; the first that is heard takes the first row.
  await expect(async () => {
    await page.keyboard.press('j');
    expect(await page.locator('[data-row]:focus').count()).toBe(1);
  }).toPass();
  await expect(rows.nth(0)).toBeFocused();
  await expectRing(rows.nth(0));
  await page.keyboard.press('j');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/approvals/${settled.approvalId}$`));
});
