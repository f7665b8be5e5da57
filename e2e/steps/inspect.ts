import type { Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScroll, inWholeHeight } from './sound.ts';

export const windows = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
export type Window = keyof typeof windows;

/** Looks at the page as it stands in both themes; the screenshots are for people. */
export async function inspect(page: Page, window: Window, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await inWholeHeight(page, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `test-results/pages/${window}-${colorScheme}/${name}.png` });
      await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
    }
  });
}
