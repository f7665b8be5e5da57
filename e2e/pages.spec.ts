import { inspect, windows, type Window } from './steps/inspect.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { orgPaths, settledAsked, settledMerged } from './steps/places.ts';
import { expectNoSidewaysScroll } from './steps/sound.ts';
import { randomName } from './setup/sign-up.ts';
import { expect, giveSession, test } from './test.ts';

const outside: Record<string, { path: string; shows: string }> = {
  'sign-in': { path: '/sign-in', shows: 'Send sign-in link' },
  'sign-in-error': { path: '/sign-in?error=Verification', shows: 'This sign-in link no longer works' },
  'check-mail': { path: '/sign-in/check-mail', shows: 'Look into your mailbox' },
  confirm: { path: '/sign-in/confirm?token=0&email=a%40example.com&callbackUrl=/', shows: 'You are signing in as' },
  verify: { path: '/verify', shows: 'Drop an exported log' },
  'confirm-cut': { path: '/sign-in/confirm', shows: 'This link is not whole' },
};

/** What a page shows once everything it waits for is there. */
const ofMerged: Record<string, string> = {
  board: 'Add pagination to the user list endpoint',
  tasks: 'Add pagination to the user list endpoint',
  'new-task': 'File and start this task',
  task: 'merge-ok',
  run: 'The run ended',
  review: 'The run ended',
  changes: 'fleet/1-add-pagination',
  change: 'Merged into main as',
  approvals: 'Decided',
  approval: 'Yes, edit docs/api.md',
  agents: 'Code reviewer',
  access: 'Every simple command of a longer one',
  'agent-roles': 'From the catalogue',
  repos: 'Works',
  repo: 'What it said',
  audit: 'found, in the whole log',
  settings: 'Save the key',
  members: 'the last owner cannot leave',
  roles: 'The six roles',
  keys: 'There is no service account yet',
  teams: 'There is no team yet',
  sso: 'No domain has been added yet',
  secrets: 'Secrets of this org',
  danger: 'the last owner cannot leave',
  tools: 'There is no MCP server yet',
  policy: 'Say what it means',
};
const ofAsked: Record<string, string> = {
  board: 'Waiting for',
  task: 'Decide',
  change: 'Decide on the merge',
  approvals: 'Waiting for a decision',
  approval: 'no test removed or skipped',
};
const ofEmpty: Record<string, string> = {
  board: 'No task has been filed yet',
  tasks: 'No task has been filed yet',
  changes: 'There is no change yet',
  approvals: 'Nothing waits for you',
  repos: 'Not checked yet',
};

for (const [window, use] of Object.entries(windows) as [Window, (typeof windows)[Window]][]) {
  test.describe(`on a ${window}`, () => {
    test.use(use);

    for (const [name, { path, shows }] of Object.entries(outside)) {
      test(`the page ${name} is sound`, async ({ page }) => {
        await page.goto(path);
        await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
        await inspect(page, window, name);
      });
    }

    for (const [name, shows] of Object.entries(ofEmpty)) {
      test(`the ${name} of an org without a task is sound`, async ({ page, person }) => {
        const { org } = await makeReadyOrg(person.client);
        await page.goto(name === 'board' ? `/${org.slug}` : `/${org.slug}/${name}`);
        await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
        await inspect(page, window, `empty-${name}`);
      });
    }

    for (const [name, shows] of Object.entries(ofMerged)) {
      test(`the page ${name} of a merged task is sound`, async ({ page, context, installation }) => {
        const settled = await settledMerged(installation);
        await giveSession(context, installation.url, settled.cookie);
        await page.goto(orgPaths(settled)[name]!);
        await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
        await inspect(page, window, name);
      });
    }

    for (const [name, shows] of Object.entries(ofAsked)) {
      test(`the page ${name} of a task that waits for a person is sound`, async ({ page, context, installation }) => {
        const settled = await settledAsked(installation);
        await giveSession(context, installation.url, settled.cookie);
        await page.goto(orgPaths(settled)[name]!);
        await expect(page.getByRole('main').getByText(shows).first()).toBeVisible();
        await inspect(page, window, `asked-${name}`);
      });
    }

    test('every page of a merged task fits before it comes to life', async ({ browser, installation }) => {
      const settled = await settledMerged(installation);
      const context = await browser.newContext(use);
      await context.route('**/_next/static/**/*.js', (route) => route.abort());
      await giveSession(context, installation.url, settled.cookie);
      const page = await context.newPage();
      for (const path of Object.values(orgPaths(settled))) {
        await page.goto(installation.url + path);
        await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
        await expectNoSidewaysScroll(page);
      }
      await context.close();
    });

    test('each step of setting up is sound', async ({ page, person }) => {
      await page.goto('/welcome');
      await expect(page.getByLabel('Name of the org')).toBeVisible();
      await inspect(page, window, 'welcome-1');
      const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
      await page.goto(`/welcome?org=${org}`);
      await expect(page.getByRole('button', { name: 'Connect the sample' })).toBeVisible();
      await inspect(page, window, 'welcome-2');
      await person.client.repos.connect.mutate({ org, source: 'sample', remote: '', name: 'sample-api' });
      await page.reload();
      await expect(page.getByRole('button', { name: /^Take these roles/ })).toBeVisible();
      await inspect(page, window, 'welcome-3');
      await person.client.starters.hire.mutate({ org });
      await page.reload();
      await expect(page.getByRole('link', { name: 'File the first task' })).toBeVisible();
      await inspect(page, window, 'welcome-4');
    });

    test('the account is sound', async ({ page, person }) => {
      await person.client.me.get.query();
      await page.goto('/account');
      await expect(page.getByText('(this one)')).toBeVisible();
      await inspect(page, window, 'account');
      await page.goto('/invitation?secret=none');
      await expect(page.getByText('This invitation no longer works')).toBeVisible();
      await inspect(page, window, 'invitation-over');
    });

    test('the outbox is sound', async ({ page, context, operator, installation }) => {
      await giveSession(context, installation.url, operator.cookie);
      await page.goto('/outbox');
      await expect(page.getByText('Sign in to Fleet').first()).toBeVisible();
      await inspect(page, window, 'outbox');
    });

    test('the installation is sound', async ({ page, context, operator, installation }) => {
      await giveSession(context, installation.url, operator.cookie);
      await page.goto('/installation');
      await expect(page.getByText(/Answers in \d+ ms/)).toBeVisible();
      await inspect(page, window, 'installation');
    });

    test('an address that leads nowhere is sound', async ({ page, person, errors }) => {
      errors.allow(/status of 404/);
      const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
      await page.goto(`/${org}/tasks/nothing`);
      await expect(page.getByText('There is nothing at this address')).toBeVisible();
      await inspect(page, window, 'not-found');
    });
  });
}
