import { relayTo, type Relay } from './doubles/relay.ts';
import type { Page } from '@playwright/test';
import { approve } from './steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { linesOf, readLog, shownLines } from './steps/transcript.ts';
import { until, untilAsked, untilRun, untilRunIs } from './steps/until.ts';
import { expect, test } from './test.ts';
import type { Person } from './setup/sign-up.ts';

/** A task whose first developer run is under way. */
async function startRun({ client }: Person) {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const org = ready.org.slug;
  const runId = await untilRun({ client, org, taskId }, 'build');
  return { client, org, taskId, runId, path: `/${org}/runs/${runId}` };
}

type Started = Awaited<ReturnType<typeof startRun>>;

const logUntil = (run: Started, kind: string) => readLog(run, (events) => events.some((event) => event.kind === kind));

async function expectWhole(page: Page, run: Started, kind: string) {
  const events = await logUntil(run, kind);
  await expect.poll(() => shownLines(page), { timeout: 100_000 }).toEqual(linesOf(events));
  await page.getByRole('button', { name: 'Details' }).last().click();
  await expect(page.getByText(`${events.length} events`)).toBeVisible();
}

const relayed = test.extend<{ relay: Relay }>({
  relay: async ({ installation }, use) => {
    const relay = await relayTo(installation.url);
    await use(relay);
    relay.close();
  },
});

relayed(
  'a browser that was away shows every event once, in order',
  async ({ page, context, person, relay, errors }) => {
    errors.allow(/net::ERR_/);
    const leave = async () => {
      relay.cut();
      await context.setOffline(true);
      await expect(page.getByText(/^You are offline/)).toBeVisible();
    };
    const comeBack = async () => {
      relay.mend();
      await context.setOffline(false);
      await expect(page.getByText(/^You are offline/)).toBeHidden();
    };
    const run = await startRun(person);
    await page.goto(`${relay.url}${run.path}`);
    await expect(page.getByRole('heading', { name: 'Turn 1', exact: true })).toBeVisible();

    await leave();
    const approval = await untilAsked(run, 'question');
    await comeBack();
    await expectWhole(page, run, 'run.waiting');

    await leave();
    const before = await shownLines(page);
    await approve(run.client, run.org, approval);
    await untilRunIs(run, run.runId, 'succeeded');
    expect(await shownLines(page), 'an offline page gets nothing').toEqual(before);
    await comeBack();
    await expectWhole(page, run, 'run.ended');
    await expect(page.getByText('Succeeded').first()).toBeVisible();
  },
);

test('a reload in the middle of a run and a second tab show the same', async ({ page, context, person }) => {
  const run = await startRun(person);
  await page.goto(run.path);
  await expect(page.getByRole('heading', { name: 'Turn 2', exact: true })).toBeVisible();
  await page.reload();
  const approval = await untilAsked(run, 'question');
  await expectWhole(page, run, 'run.waiting');

  const second = await context.newPage();
  await second.goto(run.path);
  await expectWhole(second, run, 'run.waiting');
  await approve(run.client, run.org, approval);
  await until(
    'the run is over',
    () => run.client.runs.get.query(run),
    ({ endedAt }) => endedAt !== null,
  );
  await expectWhole(second, run, 'run.ended');
  await page.bringToFront();
  await expectWhole(page, run, 'run.ended');
});
