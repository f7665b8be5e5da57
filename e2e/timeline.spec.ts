import { approve } from './steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilAsked, untilRun, untilRunIs } from './steps/until.ts';
import type { Person } from './setup/sign-up.ts';
import { readLog } from './steps/transcript.ts';
import { expect, test } from './test.ts';

/** The developer's run of the sample task, over. */
async function untilItIsOver({ client }: Person) {
  const ready = await makeReadyOrg(client);
  const { taskId } = await fileSampleTask(client, ready);
  const run = { client, org: ready.org.slug, taskId };
  const runId = await untilRun(run, 'build');
  const question = await untilAsked(run, 'question');
  await approve(client, run.org, question);
  await untilRunIs(run, runId, 'succeeded');
  const events = await readLog({ ...run, runId }, (seen) => seen.some(({ kind }) => kind === 'run.ended'));
  return { ...run, runId, events, path: `/${run.org}/runs/${runId}` };
}

test('a person goes along the time of a run by keys and pointer, and sees the files as they were', async ({
  page,
  person,
}) => {
  const run = await untilItIsOver(person);
  await page.goto(run.path);
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  await expect(slider).toHaveAttribute('aria-valuemax', String(run.events.length));
  const transcript = page.getByRole('list', { name: 'Transcript' });
  const current = transcript.locator('[aria-current]');

  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '1');
  await page.getByRole('group', { name: 'Parts of the run' }).getByRole('button', { name: 'Files' }).last().click();
  const files = page.getByRole('region', { name: 'Files as they were' });
  await expect(files.getByRole('heading')).toHaveText('Files as the run found them');
  await expect(files.getByRole('status')).toHaveText('0 files changed by then');

  await slider.press('End');
  await expect(slider).toHaveAttribute('aria-valuenow', String(run.events.length));
  await expect(current).toContainText('The run ended');
  await expect(files.getByRole('heading')).toContainText(/^Files as they were after turn \d+$/);
  await files.getByRole('listitem').first().getByRole('button').click();
  await expect(files.getByRole('region')).not.toBeEmpty();
  await files.getByRole('searchbox').fill('package.json');
  await expect(files.getByRole('status')).toContainText('1 other found');

  await slider.press('Shift+ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuenow', String(run.events.length - 1));
  await slider.press('+');
  await expect(page.getByRole('button', { name: 'Whole run' })).toBeVisible();
  await slider.press('0');
  await expect(page.getByRole('button', { name: 'Whole run' })).toBeHidden();
  const box = (await slider.boundingBox())!;
  await page.mouse.click(box.x + 2, box.y + box.height / 2);
  await expect(slider).toHaveAttribute('aria-valuetext', /^(Turn 1|Before the first turn), event \d+ of/);
});

test('a link leads to any event of a run, and so does what was found in it', async ({ page, person }) => {
  const run = await untilItIsOver(person);
  const called = run.events.filter(({ kind }) => kind === 'model.called');
  const { seq } = called[2]!;
  const current = page.getByRole('list', { name: 'Transcript' }).locator('[aria-current]');
  await page.goto(`${run.path}#seq-${seq + 1}`);
  await expect(current.getByRole('heading', { name: 'Turn 3', exact: true })).toBeInViewport();
  await page.goto(`${run.path}?event=${called[1]!.seq}`);
  await expect(current.getByRole('heading', { name: 'Turn 2', exact: true })).toBeInViewport();
  await page.goto(`${run.path}#seq-${run.events.length}`);
  await expect(current).toContainText('The run ended');
});

test('tabs that look at the same run share its streams, and another goes on when the first is closed', async ({
  page,
  context,
  person,
}) => {
  const ready = await makeReadyOrg(person.client);
  const { taskId } = await fileSampleTask(person.client, ready);
  const run = { client: person.client, org: ready.org.slug, taskId };
  const runId = await untilRun(run, 'build');
  const question = await untilAsked(run, 'question');
  const opened: string[] = [];
  context.on('request', (request) => void (/runs\.(events|live)/.test(request.url()) && opened.push(request.url())));
  await page.goto(`/${run.org}/runs/${runId}`);
  await expect(page.getByRole('heading', { name: 'Turn 2', exact: true })).toBeVisible();
  // The page is drawn before its streams are opened.
  await expect.poll(() => opened.length).toBe(2);
  opened.length = 0;
  const others = [await context.newPage(), await context.newPage()];
  for (const other of others) {
    await other.goto(`/${run.org}/runs/${runId}`);
    await expect(other.getByRole('heading', { name: 'Turn 2', exact: true })).toBeVisible();
  }
  expect(opened).toEqual([]);
  await page.close();
  await expect.poll(() => opened.length).toBe(2);
  await approve(run.client, run.org, question);
  await untilRunIs(run, runId, 'succeeded');
  for (const other of others) await expect(other.getByText('The run ended')).toBeVisible();
});
