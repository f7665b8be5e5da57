import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

type AxePage = ConstructorParameters<typeof AxeBuilder>[0]['page'];

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** No violation of WCAG 2.2 AA that a machine can find, of `rules` alone if given; each is named with its element. */
export async function expectAccessible(page: Page, rules?: string[]): Promise<void> {
  // The two packages bring two patch releases of the same browser driver: one object, two types.
  const axe = new AxeBuilder({ page: page as unknown as AxePage });
  // Without frames of other origins the old way finds the same, and opens no second page each time to say so.
  expect(page.frames()).toHaveLength(1);
  axe.setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(tags)).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}\n${failureSummary ?? ''}`),
  );
  expect(found).toEqual([]);
}

/** The page is no wider than the window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const width = page.viewportSize()?.width;
  expect(await page.evaluate(() => document.scrollingElement?.scrollWidth)).toBeLessThanOrEqual(width ?? 0);
}

/** Runs `look` in a window as tall as the page, so that no bar at the window's edge covers a part of it. */
export async function inWholeHeight(page: Page, look: () => Promise<void>): Promise<void> {
  const before = page.viewportSize()!;
  const height = await page.evaluate(() => document.scrollingElement?.scrollHeight ?? 0);
  await page.setViewportSize({ ...before, height: Math.max(before.height, height) });
  await look();
  await page.setViewportSize(before);
}
