import { readFile } from 'node:fs/promises';
import { makeReadyOrg } from './steps/orgs.ts';
import { settledMerged } from './steps/places.ts';
import { expectAccessible } from './steps/sound.ts';
import { expect, giveSession, test } from './test.ts';

test('an auditor finds an event by the keyboard, proves it, links to it, and takes the log with him', async ({
  page,
  context,
  installation,
}) => {
  const settled = await settledMerged(installation);
  await giveSession(context, installation.url, settled.cookie);
  await page.goto(`/${settled.org}/audit`);
  const main = page.getByRole('main');
  await expect(main.getByText(/verified/i).first()).toBeVisible();

  const line = page.getByRole('combobox', { name: 'Filter of events' });
  await line.fill('');
  await line.pressSequentially('kind:approval.d');
  await expect(page.getByRole('option', { name: 'kind:approval.decided' })).toBeVisible();
  await line.press('ArrowDown');
  await line.press('Enter');
  await expect(line).toHaveValue('kind:approval.decided ');
  await line.press('Escape');
  await line.press('Enter');
  await expect(page).toHaveURL(/q=kind%3Aapproval\.decided/);
  await expect(main.getByText('found, in the whole log')).toBeVisible();

  const row = main.getByRole('listitem').getByRole('button', { expanded: false }).first();
  await row.focus();
  await row.press('Enter');
  await main.getByRole('button', { name: 'Prove it' }).click();
  await expect(main.getByText(/^Leaf \d+ of the \d+ under the head/)).toBeVisible();
  await main.getByRole('link', { name: 'This event alone' }).click();
  await expect(main.getByRole('heading', { name: 'The event of the link' })).toBeVisible();
  await expect(main.getByText('approval.decided').first()).toBeVisible();

  const download = page.waitForEvent('download');
  await main.getByRole('button', { name: 'JSONL, to verify' }).click();
  const file = await (await download).path();
  const first = (await readFile(file, 'utf8')).split('\n', 1)[0] ?? '';
  expect(JSON.parse(first)).toMatchObject({ type: 'excerpt', filter: 'log:org' });

  await page.goto('/verify');
  await page.getByLabel('Drop an exported log or a bundle of evidence here, or choose it').setInputFiles(file);
  await expect(page.getByText(/^An excerpt: each of its \d+ events is what was written/)).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/${settled.org}/changes/${settled.changeId}`);
  const bundle = page.waitForEvent('download');
  await main.getByRole('button', { name: 'Evidence' }).click();
  const zip = await (await bundle).path();
  await page.goto('/verify');
  await page.getByLabel('Drop an exported log or a bundle of evidence here, or choose it').setInputFiles(zip);
  await expect(page.getByText('Evidence whose page, facts and events are what was written')).toBeVisible();
  const changed = (await readFile(file, 'utf8')).replace('"kind":"org.created"', '"kind":"org.renamed"');
  await page
    .getByLabel('Drop an exported log or a bundle of evidence here, or choose it')
    .setInputFiles({ name: 'changed.jsonl', mimeType: 'application/jsonl', buffer: Buffer.from(changed) });
  await expect(page.getByText('This is not the log that was signed')).toBeVisible();
  await expect(page.getByText('[copy-changed]')).toBeVisible();
});

test('a filter is kept under a name, and a wrong one is refused in words', async ({ page, person, errors }) => {
  errors.allow(/400/);
  const { org } = await makeReadyOrg(person.client);
  await page.goto(`/${org.slug}/audit?q=knid:x`);
  await expect(page.getByText('There is no field knid')).toBeVisible();
  await page.goto(`/${org.slug}/audit?q=actor:people`);
  await page.getByRole('button', { name: 'Save this filter' }).click();
  await page.getByLabel('Name', { exact: true }).fill('What people did');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const kept = page.getByRole('button', { name: 'What people did', exact: true });
  await expect(kept).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'Remove the saved filter What people did' }).click();
  await expect(kept).toHaveCount(0);
});

test('anybody may verify a file, and is told what is none', async ({ page }) => {
  await page.goto('/verify');
  await page
    .getByLabel('Drop an exported log or a bundle of evidence here, or choose it')
    .setInputFiles({ name: 'x.jsonl', mimeType: 'text/plain', buffer: Buffer.from('hello') });
  await expect(page.getByText('Line 1 is not JSON.')).toBeVisible();
});
