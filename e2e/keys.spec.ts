import { readFile, rm, stat } from 'node:fs/promises';
import { sampleTask } from '../server/domain/tasks/sample-task.ts';
import { fleetCommand } from './steps/command.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expect, test } from './test.ts';

test('a key is made, shown once, used by the command line, and revoked', async ({
  page,
  person,
  installation,
}, info) => {
  const { org } = await makeReadyOrg(person.client);
  await page.goto(`/${org.slug}/settings/keys`);
  await page.getByLabel('New service account').fill('nightly');
  await page.getByRole('button', { name: 'Add it' }).click();
  await page.getByRole('button', { name: 'Make a key of nightly' }).click();
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = (await page.getByRole('status', { name: 'The key' }).textContent())!.trim();
  expect(key).toMatch(/^flt_\w{8}_[\w-]{43}$/);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await page.reload();
  await expect(page.getByText(`${key.slice(0, 12)}…`)).toBeVisible();
  expect(await page.content()).not.toContain(key.slice(13));

  const login = info.outputPath('login.json');
  const fleet = (args: string[], input = '') => fleetCommand([...args, '--login', login], input);
  const logged = await fleet(['login', '--url', installation.url], `${key}\n`);
  expect(logged).toMatchObject({ code: 0, stdout: expect.stringContaining('as the service account nightly') });
  expect((await stat(login)).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(login, 'utf8'))).toMatchObject({ org: org.slug, key });
  expect((await fleet(['status'])).stdout).toContain('open tasks: 0');

  const { title, body, acceptance, scope } = sampleTask;
  const file = ['task', 'create', '--repo', 'sample-api', '--title', title, '--body', body, '--once', 'only-once-1'];
  const wide = [...scope.flatMap((glob) => ['--scope', glob]), ...acceptance.flatMap((line) => ['--accept', line])];
  const filed = await fleet([...file, ...wide]);
  expect(filed).toMatchObject({ code: 0, stdout: expect.stringContaining('#1  ') });
  expect((await fleet([...file, ...wide])).stdout, 'sent again').toBe(filed.stdout);
  expect((await fleet(['task', 'list'])).stdout).toContain(title);
  expect((await fleet(['task', 'show', '1'])).stdout).toContain('filed by service account nightly');
  const [task] = await person.client.tasks.list.query({ org: org.slug });
  expect(task).toMatchObject({ title, requester: 'service account nightly' });

  await page.getByRole('button', { name: `Revoke the key ${key.slice(0, 12)}` }).click();
  await expect(page.getByText('Revoked')).toBeVisible();
  const refused = await fleet(['task', 'list']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('API key');
  await rm(login);
});
