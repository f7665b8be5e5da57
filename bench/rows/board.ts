import type { Page } from '@playwright/test';
import { appendRunEvents } from '../../server/db/append-event.ts';
import { firstAnswer, jumpTo, nodes, paintAll, readNoted, watchPage } from '../board/in-page.ts';
import { openBrowser, openWebOnly } from '../board/open-board.ts';
import { seedRun, turnEvents, type Seeded } from '../board/seed-run.ts';
import type { FigureRow } from '../figures.ts';
import { quantile, type Closing } from '../harness.ts';

const events = 100_000;
const loads = 5;
const jumps = 40;
const eventsASecond = 50;

type Loaded = { rows: number; whole: number };

async function load(open: () => Promise<Page>, address: string): Promise<Loaded & { page: Page }> {
  const page = await open();
  await page.addInitScript(watchPage);
  await page.goto(address);
  await page.waitForFunction(
    () => (window as unknown as { noted: { firstRows: number | null } }).noted.firstRows !== null,
  );
  const shown = (await page.evaluate(readNoted)).firstRows ?? Number.NaN;
  return { page, rows: shown - (await page.evaluate(firstAnswer)), whole: shown };
}

/** Events that come while the page is used, at an even pace; returns what ends them. */
function pour(run: Seeded): () => Promise<void> {
  const { org, runId } = run;
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: org.owner.userId };
  let { head, turns } = run;
  let due: ReturnType<typeof turnEvents> = [];
  let ending = false;
  const began = performance.now();
  const flowing = (async () => {
    for (let sent = 0; !ending; sent += 1) {
      if (due.length === 0) due = turnEvents((turns += 1));
      const [event, ...rest] = due;
      due = rest;
      const append = {
        orgId: org.orgId,
        runId,
        generation: 0,
        actor,
        at: new Date(),
        events: event ? [event] : [],
        head,
      };
      ({ head } = await appendRunEvents(org.db, append));
      const wait = began + (sent + 1) * (1_000 / eventsASecond) - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    }
  })();
  return async () => {
    ending = true;
    await flowing;
  };
}

/** What somebody does who looks for something in a run: presses, opens, moves along the axis. */
async function use(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  const box = await slider.boundingBox();
  if (!box) throw new Error('The page has no axis.');
  for (let n = 0; n < 12; n += 1) {
    await page.mouse.click(box.x + (box.width * (n + 1)) / 14, box.y + box.height / 2);
    await page.waitForTimeout(250);
    await page.keyboard.press(n % 2 === 0 ? 'ArrowRight' : 'Shift+ArrowLeft');
    await page.waitForTimeout(250);
    await page.locator('ol[aria-label="Transcript"] button[data-row]').first().click();
    await page.waitForTimeout(250);
    await page
      .getByRole('button', { name: n % 2 === 0 ? 'Plan' : 'Details', exact: true })
      .last()
      .click();
    await page.waitForTimeout(250);
  }
}

async function look(closing: Closing) {
  const { url, database } = await openWebOnly(closing);
  const run = await seedRun(database, events);
  const open = await openBrowser(closing, { url, database, userId: run.org.owner.userId });
  const address = `${url}/${run.org.slug}/runs/${run.runId}`;
  await (await load(open, address)).page.close();
  const loaded: Loaded[] = [];
  const naive: number[] = [];
  for (let n = 0; n < loads; n += 1) {
    const { page, ...times } = await load(open, address);
    loaded.push(times);
    naive.push(await page.evaluate(paintAll, run.turns));
    await page.close();
  }
  const { page } = await load(open, address);
  let most = await page.evaluate(nodes);
  const jumped: number[] = [];
  for (let n = 1; n <= jumps; n += 1) {
    jumped.push(await page.evaluate(jumpTo, 1 + ((n * 61_803) % events)));
    most = Math.max(most, await page.evaluate(nodes));
  }
  const stop = pour(run);
  await use(page);
  await page.getByRole('button', { name: /go to the latest/ }).click();
  await page.waitForTimeout(5_000);
  most = Math.max(most, await page.evaluate(nodes));
  await stop();
  const { shift, interactions } = await page.evaluate(readNoted);
  return { loaded, naive, most, jumped, shift, presses: Object.values(interactions) };
}

export const boardRow: FigureRow = {
  name: 'board',
  work: `a run of ${events} events in a real browser, production build`,
  async measure() {
    const closers: (() => Promise<unknown>)[] = [];
    const seen = await look((close) => closers.push(close)).finally(async () => {
      for (const close of closers.toReversed()) await close();
    });
    const half = (values: number[]) => quantile(values, 0.5);
    const rows = half(seen.loaded.map((one) => one.rows));
    const ms = (value: number) => `${value.toFixed(1)} ms`;
    const share = half(seen.naive) / rows;
    const [jump, press] = [quantile(seen.jumped, 0.95), quantile(seen.presses, 0.75)];
    return {
      row: 'board',
      seed: 0,
      figures: [
        { name: 'first rows, from the answer', value: ms(rows) },
        { name: 'first rows, from the address', value: ms(half(seen.loaded.map(({ whole }) => whole))) },
        { name: 'all rows at once, as HTML', value: ms(half(seen.naive)) },
        { name: 'a jump, median', value: ms(half(seen.jumped)) },
        { name: 'presses of 16 ms and more', value: String(seen.presses.length) },
      ],
      targets: [
        { what: 'all rows at once against the first rows', value: share, limit: 50, atLeast: true, met: share >= 50 },
        { what: 'most nodes of the page', value: seen.most, limit: 2_000, met: seen.most <= 2_000 },
        { what: 'jump to any event, p95, ms', value: jump, limit: 100, met: jump <= 100 },
        { what: `INP at p75 while ${eventsASecond} events/s come, ms`, value: press, limit: 80, met: press <= 80 },
        { what: 'layout shift', value: seen.shift, limit: 0.02, met: seen.shift <= 0.02 },
      ],
    };
  },
};
