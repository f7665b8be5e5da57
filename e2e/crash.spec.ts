import { fleetClient } from '../cli/demo/client.ts';
import { signIn } from '../cli/demo/sign-in.ts';
import { startBeside } from './setup/start-beside.ts';
import { approve } from './steps/decide.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { linesOf, readLog, shownLines } from './steps/transcript.ts';
import { until, untilAsked, untilRun } from './steps/until.ts';
import { expect, giveSession, test } from './test.ts';

test('a run page outlives a killed web process by itself', async ({ page, context, errors }) => {
  errors.allow(/net::ERR_/);
  const lines: string[] = [];
  // An installation of its own: killing the shared one would break the tests beside this one.
  const installation = await startBeside({ say: (line) => void lines.push(line) });
  try {
    const { url } = installation;
    const cookie = await signIn(await installation.ownerLink());
    const client = fleetClient({ url, cookie });
    const ready = await makeReadyOrg(client);
    const { taskId } = await fileSampleTask(client, ready);
    const task = { client, org: ready.org.slug, taskId };
    const runId = await untilRun(task, 'build');
    await giveSession(context, url, cookie);
    await page.goto(`${url}/${task.org}/runs/${runId}`);
    await expect(page.getByRole('heading', { name: 'Turn 1', exact: true })).toBeVisible();

    const before = installation.pids()['web']!;
    process.kill(before, 'SIGKILL');
    await expect(page.getByText(/^Reconnecting\. Nothing is lost/)).toBeVisible();
    await until(
      'another web process',
      async () => installation.pids()['web'] ?? before,
      (pid) => pid !== before,
    );
    await expect(page.getByText(/^Reconnecting/)).toBeHidden();

    await approve(client, task.org, await untilAsked(task, 'question'));
    const events = await readLog({ client, org: task.org, runId }, (all) => all.at(-1)?.kind === 'run.ended');
    await expect.poll(() => shownLines(page), { timeout: 100_000 }).toEqual(linesOf(events));
    await expect(page.getByRole('main').getByText('Succeeded').first()).toBeVisible();
    expect(lines.join('\n')).toMatch(/web .*start/);
  } finally {
    await installation.stop();
  }
});
