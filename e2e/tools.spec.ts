import { look } from './steps/look.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expectAccessible } from './steps/sound.ts';
import { expect, test } from './test.ts';

/** A server in one command. */
const command = `exec node -e "$(cat <<'END'
const say = (id, result) => console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line);
  const serverInfo = { name: 'small', version: '1' };
  if (method === 'initialize') say(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  const inputSchema = { type: 'object' };
  const find = { name: 'find_issues', description: 'Finds issues by their words.', inputSchema, annotations: { readOnlyHint: true } };
  const close = { name: 'close_issue', description: 'Closes an issue.', inputSchema };
  if (method === 'tools/list') say(id, { tools: [find, close, { name: 'odd.name', inputSchema }] });
});
END
)"`;

test('an MCP server is added, tried and allowed tool by tool, and a role names it', async ({
  page,
  errors,
  person: { client },
}) => {
  errors.allow(/status of 400/);
  const { org } = await makeReadyOrg(client);
  await page.goto(`/${org.slug}/settings/tools`);
  await page.getByRole('button', { name: 'Add a server' }).click();
  const form = page.getByRole('alertdialog', { name: 'Add an MCP server' });
  await form.getByLabel('Name').fill('Bad Name');
  await form.getByLabel('Command').fill(command);
  await form.getByRole('button', { name: 'Add the server' }).click();
  await expect(form.getByText('Name it in lower-case letters', { exact: false })).toBeVisible();
  await form.getByLabel('Name').fill('tracker');
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Add the server' }).click();
  await expect(form).toBeHidden();

  await page.getByRole('button', { name: 'Try tracker' }).click();
  await page.getByRole('button', { name: 'Try it now' }).click();
  await expect(page.getByText('find_issues')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('other characters than letters', { exact: false })).toBeVisible();
  await page.getByRole('checkbox', { name: /find_issues/ }).check();
  await page.getByRole('button', { name: 'Allow what is ticked' }).click();
  await expect(page.getByText('Saved. Runs that begin', { exact: false })).toBeVisible();

  await page.getByRole('button', { name: 'Change the tools of Developer' }).click();
  const role = page.getByRole('alertdialog', { name: 'Tools of Developer' });
  await role.getByRole('checkbox', { name: 'fetch_url' }).uncheck();
  await role.getByRole('checkbox', { name: 'tracker' }).check();
  await role.getByRole('button', { name: 'Save a new version' }).click();
  await expect(page.getByText('Off: fetch_url')).toBeVisible();
  await expect(page.getByText('Named by Developer', { exact: false })).toBeVisible();
  await look(page, 'tools', 'desktop');
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'tools', 'phone');

  const { servers, roles } = await client.tools.get.query({ org: org.slug });
  expect(servers[0]?.tools.map(({ name, state, risk }) => [name, state, risk])).toEqual([
    ['close_issue', 'offered', 'destroys'],
    ['find_issues', 'allowed', 'reads'],
    ['odd.name', 'unfit', 'destroys'],
  ]);
  expect(roles.find(({ name }) => name === 'developer')).toMatchObject({
    version: 2,
    servers: ['tracker'],
    off: ['fetch_url'],
  });

  await page.getByRole('button', { name: 'Remove tracker' }).click();
  await page.getByRole('button', { name: 'Remove the server' }).click();
  await expect(page.getByText('There is no MCP server yet')).toBeVisible();
  const log = JSON.stringify(await client.audit.events.query({ org: org.slug, limit: 200 }));
  for (const kind of ['saved', 'try-requested', 'tried', 'tools-allowed', 'removed'])
    expect(log).toContain(`mcp-server.${kind}`);
  expect(log).toContain('role.tools-changed');
});
