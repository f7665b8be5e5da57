import { randomName, signUp } from './setup/sign-up.ts';
import { picture } from './steps/picture.ts';
import { expect, giveSession, test } from './test.ts';

test('an org is deleted by its name, says so to everybody in it, and stays when an owner undoes it', async ({
  page,
  person,
  installation,
  browser,
  operator,
}) => {
  const name = randomName('Org');
  const { slug: org } = await person.client.orgs.create.mutate({ name });
  await page.goto(`/${org}/settings/danger`);
  await page.getByRole('button', { name: 'Delete this org' }).click();
  const dialog = page.getByRole('alertdialog');
  const confirm = dialog.getByRole('button', { name: 'Delete the org' });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('textbox').fill(name.slice(0, -1));
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await picture(page, 'delete-org/dialog');
  await confirm.click();
  const note = page.getByText(`${person.email} asked for it. Nothing new starts until then.`);
  await expect(note).toBeVisible();
  await picture(page, 'delete-org/going', { fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'delete-org/phone-dark', { fullPage: true });
  await page.setViewportSize({ width: 1280, height: 800 });

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'JSONL, to verify' }).click(),
  ]);
  expect(download.suggestedFilename()).toContain('.jsonl');

  const seen = await operator.client.installation.get.query();
  expect(seen.deletions.length).toBeGreaterThan(0);
  expect(JSON.stringify(seen)).not.toContain(name);
  const context = await browser.newContext();
  await giveSession(context, installation.url, operator.cookie);
  const outside = await context.newPage();
  await outside.goto(`${installation.url}/installation`);
  await expect(outside.getByRole('list', { name: 'Deletions' })).toBeVisible();
  await expect(outside.getByRole('main')).not.toContainText(name);
  await picture(outside, 'delete-org/installation', { fullPage: true });
  await context.close();

  await page.getByRole('button', { name: 'Undo the deletion' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Keep the org' }).click();
  await expect(note).toBeHidden();
  const log = await person.client.audit.events.query({ org, limit: 10 });
  expect(log.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['org.deletion-requested', 'org.deletion-undone', 'audit.exported']),
  );
  const { client } = await signUp(installation);
  await expect(client.orgs.undoDeletion.mutate({ org })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
});
