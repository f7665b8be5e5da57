import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { look } from './steps/look.ts';
import { randomName } from './setup/sign-up.ts';
import { expect, giveSession, test } from './test.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'fleet-repo-rules-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A bare repository on this machine, and a person who pushes one commit to it. */
function repository(): { bare: string; push: (files: Record<string, string>) => void } {
  const tree = path.join(folder, 'tree');
  const bare = path.join(folder, 'service.git');
  mkdirSync(tree);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: tree, stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('init', '--quiet', '--bare', '--initial-branch=main', bare);
  const push = (files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
      writeFileSync(path.join(tree, file), text);
    }
    git('add', '--all', '.');
    git('commit', '--quiet', '-m', 'next');
    git('push', '--quiet', bare, 'main');
  };
  return { bare, push };
}

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const broken = 'preset: balanced\nlimits: &all []\nallow: []\n';
const rules = `limits:
  - { id: no-docs, on: write, paths: ['docs/**'], then: deny, why: documents are written by people here. }
defaults:
  - { id: push-anyway, on: write, paths: ['db/**'], then: allow }
`;

test('rules in a repo are shown as a proposal with what they change, and count when an owner accepts them', async ({
  page,
  operator,
  installation,
  context,
  errors,
}) => {
  errors.allow(/status of 409/);
  const { bare, push } = repository();
  push({ 'package.json': JSON.stringify({ scripts: { test: 'node --test' } }) });
  const { client } = operator;
  const { slug: org } = await client.orgs.create.mutate({ name: randomName('Rules') });
  await client.starters.hire.mutate({ org });
  const repo = await client.repos.connect.mutate({ org, source: 'local', remote: bare, name: 'service' });
  await giveSession(context, installation.url, operator.cookie);

  await page.goto(`/${org}/repos/${repo.id}`);
  await expect(page.getByText('Its files propose nothing new.')).toBeVisible();
  push({ '.fleet/policy.yaml': broken });
  await page.getByRole('button', { name: 'Look for rules in the repo' }).click();
  await expect(page.getByText('.fleet/policy.yaml cannot be taken as it is')).toBeVisible();
  await expect(page.getByText('Line 2, column', { exact: false })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Accept' })).toHaveCount(0);
  await look(page, 'repo-rules', 'broken');

  push({ '.fleet/policy.yaml': rules, '.fleet/roles/developer.yaml': 'title: Service builder\n' });
  await page.getByRole('button', { name: 'Look for rules in the repo' }).click();
  const proposed = page.getByRole('list', { name: 'Proposed by files of this repo' });
  await expect(proposed).toContainText('the role developer');
  await expect(proposed).toContainText('where both match, the limit');
  for (const [size, viewport] of Object.entries(sizes)) {
    await page.setViewportSize(viewport);
    await look(page, 'repo-rules', `proposed-${size}`);
  }
  await page.setViewportSize(sizes.desktop);
  const role = page.getByRole('form', { name: 'Decide on .fleet/roles/developer.yaml' });
  await role.getByLabel('Why it is left aside').fill('The role is the org’s');
  await role.getByRole('button', { name: 'Dismiss' }).click();
  await expect(proposed).toContainText('“The role is the org’s”');

  await page.goto(`/${org}/settings/policy`);
  await expect(page.getByRole('list', { name: 'Proposed by repos' })).toContainText('.fleet/policy.yaml');
  await look(page, 'repo-rules', 'policy-page');
  const ofPolicy = page.getByRole('form', { name: 'Decide on .fleet/policy.yaml' });
  await client.policy.save.mutate({ org, yaml: 'preset: cautious\n', note: 'Cautious', basedOn: 1 });
  await ofPolicy.getByRole('button', { name: 'Accept' }).click();
  await expect(ofPolicy).toContainText('Version 2 of the org’s policy is in force by now');
  await look(page, 'repo-rules', 'overtaken');
  await ofPolicy.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('list', { name: 'Proposed by repos' })).toHaveCount(0);

  await page.goto(`/${org}/repos/${repo.id}`);
  await expect(page.getByRole('heading', { name: 'In force: version 1' })).toBeVisible();
  await look(page, 'repo-rules', 'in-force');
  const asked = {
    repoId: repo.id,
    sides: [{ role: 'developer' }],
    question: { kind: 'write' as const, text: 'docs/a.md' },
  };
  expect(JSON.stringify(await client.policy.ask.query({ org, ...asked }))).toContain('no-docs');

  push({ '.fleet/policy.yaml': 'limits: []\n' });
  await page.getByRole('button', { name: 'Look for rules in the repo' }).click();
  const decide = page.getByRole('form', { name: 'Decide on .fleet/policy.yaml' });
  await decide.getByRole('button', { name: 'Accept' }).click();
  await expect(page.getByRole('heading', { name: 'In force: version 2' })).toBeVisible();
  await look(page, 'repo-rules', 'versions');
  await page.getByRole('button', { name: 'Go back to version 1 of this repo’s rules' }).click();
  await expect(page.getByRole('heading', { name: 'In force: version 3' })).toBeVisible();
  await expect(decide, 'what the file says is proposed again').toBeVisible();
  const { policy } = await client.proposals.list.query({ org, repoId: repo.id });
  expect(policy?.versions.map(({ version, note }) => `${version}: ${note}`)).toEqual([
    '3: Back to version 1',
    expect.stringMatching(/^2: \.fleet\/policy\.yaml of service at /),
    expect.stringMatching(/^1: \.fleet\/policy\.yaml of service at /),
  ]);
  expect(policy?.versions[0]?.yaml).toContain('no-docs');
});
