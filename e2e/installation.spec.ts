import { expectAccessible, expectNoSidewaysScroll, inWholeHeight } from './steps/sound.ts';
import { expect, giveSession, test } from './test.ts';

const windows = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

for (const [window, use] of Object.entries(windows)) {
  test.describe(`on a ${window}`, () => {
    test.use(use);

    test('the operator looks at the installation', async ({ page, context, operator, installation }) => {
      await giveSession(context, installation.url, operator.cookie);
      await page.goto('/installation');
      await expect(page.getByRole('heading', { name: 'This installation' })).toBeVisible();
      await expect(page.getByText(/Answers in \d+ ms/)).toBeVisible();
      await expectNoSidewaysScroll(page);
      await inWholeHeight(page, async () => {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: `test-results/pages/${window}-${colorScheme}/installation.png` });
          await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
        }
      });
    });
  });
}

test('to nobody else is there such a page', async ({ page, person, errors }) => {
  errors.allow(/status of 404/);
  await person.client.me.get.query();
  expect((await page.goto('/installation'))?.status()).toBe(404);
  await expect(page.getByText('There is nothing at this address')).toBeVisible();
});
