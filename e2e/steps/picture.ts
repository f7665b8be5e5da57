import type { Page, PageScreenshotOptions } from '@playwright/test';
import { processEnvironment } from '../../server/config/config.ts';

const wanted = processEnvironment()['FLEET_PICTURES'] === '1';

/** A picture in `test-results` for people who ask for them with FLEET_PICTURES=1: it proves nothing and costs as much as a test. */
export async function picture(page: Page, name: string, options: PageScreenshotOptions = {}): Promise<void> {
  if (wanted) await page.screenshot({ path: `test-results/${name}.png`, ...options });
}
