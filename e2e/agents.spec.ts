import { inspect, windows } from './steps/inspect.ts';
import { joinAs } from './steps/join-as.ts';
import { fileSampleTask, makeReadyOrg } from './steps/orgs.ts';
import { untilRun, untilRunIs } from './steps/until.ts';
import { expect, test } from './test.ts';

const asked = 'Say in your summary what you left out.';

test('an agent is changed, its run says by which revision it worked, and it is set back', async ({ page, person }) => {
  const { client } = person;
  const ready = await makeReadyOrg(client);
  const org = ready.org.slug;
  await page.goto(`/${org}/agents`);
  await page.getByRole('button', { name: 'Change Developer' }).click();
  const form = page.getByRole('form', { name: 'Change Developer' });
  await form.getByLabel('Instructions').fill(asked);
  await form.getByLabel('Works in').selectOption(ready.repo.name);
  await form.getByLabel('Runs at once').fill('2');
  await expect(form.getByRole('button', { name: 'Save as revision 2' })).toBeDisabled();
  await form.getByLabel('What changes and why').fill('It kept quiet about gaps');
  await form.getByRole('button', { name: 'Save as revision 2' }).click();
  await expect(page.getByText('revision 2', { exact: true })).toBeVisible();
  await expect(page.getByText(asked)).toBeVisible();

  const { taskId } = await fileSampleTask(client, ready);
  const runId = await untilRun({ client, org, taskId }, 'build');
  const run = await untilRunIs({ client, org, taskId }, runId, 'running');
  expect(run).toMatchObject({ agentRevision: 2, roleVersion: 1 });
  await page.goto(`/${org}/runs/${runId}`);
  await page.getByRole('button', { name: 'Details', exact: true }).first().click();
  await page.getByText('Its standing instructions').click();
  await expect(page.getByText('What your team asks of you besides').first()).toBeVisible();
  await page.getByRole('link', { name: 'revision 2' }).click();

  const history = page.getByRole('list', { name: 'Revisions of Developer' });
  await expect(history).toContainText('It kept quiet about gaps');
  await expect(history).toContainText('1 run had it.');
  await expect(page.getByRole('region', { name: 'What revision 2 of Developer changed' })).toContainText(asked);
  await history.getByRole('button', { name: 'Go back to revision 1 of Developer' }).click();
  await expect(history).toContainText('Revision 3');
  await expect(page.getByRole('region', { name: 'Revision 1 against 3 of Developer' })).not.toContainText(asked);
  const [agent] = await client.agents.list.query({ org });
  expect(agent).toMatchObject({ revision: 3, repo: null, settings: { instructions: '', maxRuns: 4 } });
});

test('another agent is hired into a role, for one repo', async ({ page, errors, person: { client } }) => {
  errors.allow(/status of 409/);
  const { org, repo } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/agents`);
  await page.getByRole('button', { name: 'Hire an agent' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Hire an agent' });
  await dialog.getByLabel('Name').fill('Code reviewer');
  await dialog.getByRole('button', { name: 'Hire the agent' }).click();
  await expect(dialog).toContainText('has an agent named Code reviewer already');
  await dialog.getByLabel('Name').fill('Api developer');
  await dialog.getByLabel('Works in').selectOption(repo.name);
  await dialog.getByRole('button', { name: 'Hire the agent' }).click();
  await expect(page.getByRole('heading', { name: 'Api developer' })).toBeVisible();
  const agents = await client.agents.list.query({ org: org.slug });
  expect(agents.find(({ name }) => name === 'Api developer')).toMatchObject({ role: 'developer', repo: repo.name });
});

for (const window of ['desktop', 'phone'] as const) {
  test.describe(`on a ${window}`, () => {
    test.use(windows[window]);

    test('what lets an agent do more waits where the policy says so, and says it beforehand', async ({
      page,
      person: { client },
      installation,
      operator,
    }) => {
      const { org } = await makeReadyOrg(client);
      await joinAs(client, { org: org.slug, role: 'admin', installation, operator });
      const yaml = 'preset: balanced\napproval: { by: admins }\n';
      await client.policy.save.mutate({ org: org.slug, yaml, note: 'Two people', basedOn: 1 });
      await page.goto(`/${org.slug}/agents`);
      await page.getByRole('button', { name: 'Change Developer' }).click();
      const form = page.getByRole('form', { name: 'Change Developer' });
      await form.getByLabel('Runs at once').fill('9');
      const waits =
        'this waits until another admin or owner of the org has approved it: it has 9 runs at once instead of 4';
      await expect(form.getByRole('status')).toContainText(waits);
      await form.getByLabel('What changes and why').fill('More at once');
      await form.getByRole('button', { name: 'Save as revision 2' }).click();
      await expect(form).toContainText('It waits for somebody else to approve it');
      await inspect(page, window, 'agent-waits');
      const [agent] = await client.agents.list.query({ org: org.slug });
      expect(agent).toMatchObject({ revision: 1, settings: { maxRuns: 4 } });
      await form.getByRole('link', { name: 'Look at the approval' }).click();
      await expect(page.getByRole('main')).toContainText('Let revision 2 of the agent Developer come into force.');
      await expect(page.getByText('it has 9 runs at once instead of 4')).toBeVisible();
      await inspect(page, window, 'agent-approval');
    });

    test('what an agent is set to is sound', async ({ page, person: { client } }) => {
      const { org } = await makeReadyOrg(client);
      const [agent] = await client.agents.list.query({ org: org.slug });
      const { id: agentId, settings } = agent!;
      const save = (basedOn: number, change: object, note: string) =>
        client.agents.save.mutate({ org: org.slug, agentId, basedOn, note, settings: { ...settings, ...change } });
      await save(1, { instructions: asked, roleVersion: 1 }, 'It kept quiet about gaps');
      await save(2, { instructions: asked, maxRuns: 2 }, 'Two are enough');
      await page.goto(`/${org.slug}/agents?history=${agentId}`);
      await expect(page.getByText('Two are enough')).toBeVisible();
      await inspect(page, window, 'agent-history');
      await page.getByRole('button', { name: 'Change Developer' }).click();
      await expect(page.getByRole('button', { name: 'Save as revision 4' })).toBeVisible();
      await inspect(page, window, 'agent-edit');
    });
  });
}
