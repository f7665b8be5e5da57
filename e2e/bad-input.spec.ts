import type { Page } from '@playwright/test';
import { makeReadyOrg } from './steps/orgs.ts';
import { randomName } from './setup/sign-up.ts';
import { goodKey } from './doubles/messages-api.ts';
import { expect, giveSession, test } from './test.ts';

const refused = /status of (400|412|422)/;

async function lookAt(page: Page, org: string, address: string): Promise<void> {
  await page.goto(`/welcome?org=${org}`);
  await page.getByRole('radio', { name: 'A git URL' }).check();
  await page.getByLabel('URL of the repository').fill(address);
  await page.getByRole('button', { name: 'Look at this repo' }).click();
}

const badAddresses: { what: string; address: (gitUrl: string) => string; says: RegExp }[] = [
  {
    what: 'nobody answers',
    address: () => 'http://127.0.0.1:9/team/api.git',
    says: /does not answer\. Check the address/,
  },
  {
    what: 'a password is asked for',
    address: (url) => `${url}/locked.git`,
    says: /asks for a password, or does not exist/,
  },
  { what: 'there is no repository', address: (url) => `${url}/nothing.git`, says: /There is no git repository at/ },
  { what: 'the repo is empty', address: (url) => `${url}/empty.git`, says: /has no commits yet\. Push a first commit/ },
  {
    what: 'a password stands in the URL',
    address: () => 'https://me:s3same-open@example.com/api.git',
    says: /Leave user and password out/,
  },
  { what: 'it is no URL', address: () => 'team/api', says: /Type a git URL such as/ },
];

for (const { what, address, says } of badAddresses) {
  test(`a git URL where ${what} is refused with what to do`, async ({
    page,
    context,
    operator,
    installation,
    errors,
  }) => {
    errors.allow(refused);
    // The git server of these tests listens on loopback, which is the operator's to connect.
    await giveSession(context, installation.url, operator.cookie);
    const { slug: org } = await operator.client.orgs.create.mutate({ name: randomName('Org') });
    await lookAt(page, org, address(installation.gitUrl));
    await expect(page.getByText(says)).toBeVisible();
    await expect(page.getByLabel('URL of the repository')).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByText('s3same-open')).toHaveCount(0);
    expect(await operator.client.repos.list.query({ org })).toEqual([]);
  });
}

test('a repo without tests is connected only with a test command', async ({
  page,
  context,
  operator,
  installation,
  errors,
}) => {
  errors.allow(refused);
  await giveSession(context, installation.url, operator.cookie);
  const { slug: org } = await operator.client.orgs.create.mutate({ name: randomName('Org') });
  await lookAt(page, org, `${installation.gitUrl}/untested.git`);
  await expect(page.getByText('No test command was found in this repo')).toBeVisible();
  await page.getByLabel('Test command').fill('make check');
  await page.getByRole('button', { name: 'Connect this repo' }).click();
  await expect(page.getByText(/untested: cloned 1 file in .*; tests: make check/)).toBeVisible();
  expect(await operator.client.repos.list.query({ org })).toMatchObject([
    { name: 'untested', testCommand: 'make check' },
  ]);
});

test('an address inside the network is the operator’s to connect', async ({ page, person, installation, errors }) => {
  errors.allow(/status of 403/);
  const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
  await lookAt(page, org, `${installation.gitUrl}/service.git`);
  await expect(page.getByText(/leads into a private network\. Only the operator may allow that/)).toBeVisible();
  expect(await person.client.repos.list.query({ org })).toEqual([]);
});

test('a folder on the machine is the operator’s to connect', async ({ page, person }) => {
  const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Org') });
  await page.goto(`/welcome?org=${org}`);
  await expect(page.getByRole('radio', { name: 'A folder on this machine' })).toBeDisabled();
  await expect(page.getByText('Only the operator of this installation may do this.')).toBeVisible();
  const asked = { org, source: 'local', remote: '/etc' } as const;
  await expect(person.client.repos.probe.mutate(asked)).rejects.toMatchObject({
    data: { appCode: 'repo_not_allowed' },
  });
});

test('without a key, a task that is not the sample says beforehand what is missing', async ({
  page,
  context,
  operator,
  installation,
}) => {
  await giveSession(context, installation.url, operator.cookie);
  const { client } = operator;
  const { org, repo } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/tasks/new?repo=${repo.id}`);
  await page.getByLabel('Title').fill('Rename every file');
  await expect(page.getByText('This task cannot start yet')).toBeVisible();
  await expect(page.getByText(/the scripted model knows one task only/)).toBeVisible();
  await expect(
    page.getByText(
      /Save an Anthropic API key or connect another provider under Settings, or start Fleet with ANTHROPIC_API_KEY/,
    ),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'File and start this task' })).toBeDisabled();

  await page.getByRole('button', { name: 'Remove point 1' }).click();
  await page.getByLabel('Title').fill('Add pagination to the user list endpoint');
  await expect(page.getByRole('button', { name: 'File and start this task' })).toBeEnabled();

  const remote = `${installation.gitUrl}/service.git`;
  const other = await client.repos.connect.mutate({ org: org.slug, source: 'git', remote, name: '' });
  await page.goto(`/${org.slug}/tasks/new?repo=${other.id}`);
  await page.getByLabel('Title').fill('Add pagination to the user list endpoint');
  await expect(page.getByText(/the scripted model knows the sample repository only/)).toBeVisible();
  await page.getByRole('link', { name: 'Open settings' }).click();
  await expect(page.getByLabel('Anthropic API key')).toBeVisible();
  expect(await client.tasks.list.query({ org: org.slug })).toEqual([]);
});

test('a wrong model key is refused, the right one is saved and never shown again', async ({ page, person, errors }) => {
  errors.allow(refused);
  const { client } = person;
  const { slug: org } = await client.orgs.create.mutate({ name: randomName('Org') });
  await page.goto(`/${org}/settings`);
  const key = page.getByLabel('Anthropic API key');
  await key.fill('too short');
  await page.getByRole('button', { name: 'Save the key' }).click();
  await expect(page.getByText(/That is not an API key: copy it again/)).toBeVisible();
  await key.fill('sk-ant-e2e-wrong-0123456789');
  await page.getByRole('button', { name: 'Save the key' }).click();
  await expect(page.getByText(/Anthropic rejects this key\. Copy it again from the Claude Console/)).toBeVisible();
  expect(await client.settings.model.query({ org })).toMatchObject({ kind: 'scripted', source: 'none' });

  await key.fill(goodKey);
  await page.getByRole('button', { name: 'Save the key' }).click();
  await expect(page.getByText('The key works and is saved.')).toBeVisible();
  await expect(page.getByText('Scripted model')).toHaveCount(0);
  expect(await client.settings.model.query({ org })).toMatchObject({ kind: 'anthropic', hint: goodKey.slice(-4) });
  expect(await page.content()).not.toContain(goodKey);
  await page.getByRole('button', { name: 'Remove the key' }).click();
  await expect(page.getByRole('main').getByText('Scripted model', { exact: true })).toBeVisible();
  expect(await client.settings.model.query({ org })).toMatchObject({ kind: 'scripted', source: 'none', hint: null });
});
