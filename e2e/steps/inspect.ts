import type { Page } from '@playwright/test';
import { picture } from './picture.ts';
import { expectAccessible, expectNoSidewaysScroll, inWholeHeight } from './sound.ts';

export const windows = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
export type Window = keyof typeof windows;

/** Looks at the page as it stands in both themes. */
export async function inspect(page: Page, window: Window, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await inWholeHeight(page, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `pages/${window}-${colorScheme}/${name}`);
      await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
    }
  });
}
