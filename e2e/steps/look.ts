import type { Page } from '@playwright/test';
import { picture } from './picture.ts';
import { expectAccessible, expectNoSidewaysScroll, inWholeHeight } from './sound.ts';

/** Looks at the page in light and dark: whole, accessible, and on a picture in `test-results/<folder>`. */
export async function look(page: Page, folder: string, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  await inWholeHeight(page, async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `${folder}/${name}-${colorScheme}`);
      await expectAccessible(page, colorScheme === 'light' ? undefined : ['color-contrast']);
    }
  });
}
