import { look } from './steps/look.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expectAccessible } from './steps/sound.ts';
import { expect, test } from './test.ts';

test('what is held is erased by nobody; then an owner erases an event and sets for how long payloads are kept', async ({
  page,
  errors,
  person: { client },
}) => {
  errors.allow(/status of 409/);
  const { org } = await makeReadyOrg(client);
  await client.orgs.rename.mutate({ org: org.slug, name: 'Somebody’s private name' });
  const main = page.getByRole('main');
  const retention = `/${org.slug}/settings/retention`;
  await page.goto(retention);
  await expect(main.getByText('Nothing is held.')).toBeVisible();
  await main.getByRole('button', { name: 'Place a hold' }).click();
  const placing = page.getByRole('alertdialog', { name: 'Place a legal hold' });
  await expectAccessible(page);
  await placing.getByLabel('Reason').fill('a lawsuit');
  await placing.getByRole('button', { name: 'Place the hold' }).click();
  await expect(main.getByText('Nothing is erased: a legal hold keeps all of the org')).toBeVisible();
  await look(page, 'retention', 'held');
  await page.setViewportSize({ width: 390, height: 800 });
  await look(page, 'retention', 'held-phone');
  await page.setViewportSize({ width: 1280, height: 720 });

  const event = `/${org.slug}/audit?q=kind%3Aorg.renamed`;
  const open = async () => {
    await page.goto(event);
    await main.getByRole('listitem').getByRole('button', { expanded: false }).first().click();
    await expect(main.getByRole('region', { name: 'Payload' })).toBeVisible();
  };
  const erase = page.getByRole('alertdialog', { name: /^Erase what event \d+ says/ });
  const ask = async () => {
    await main.getByRole('button', { name: 'Erase the payload' }).click();
    await erase.getByLabel('Reason').fill('asked for by the person');
    await erase.getByRole('button', { name: 'Erase for good' }).click();
  };
  await open();
  await expect(main.getByRole('region', { name: 'Payload' })).toContainText('Somebody’s private name');
  await ask();
  await expect(erase.getByText('A legal hold keeps this: a lawsuit', { exact: false })).toBeVisible();
  await expectAccessible(page);
  await erase.getByRole('button', { name: 'Keep it' }).click();

  await page.goto(retention);
  await main.getByRole('button', { name: 'Lift' }).click();
  const lifting = page.getByRole('alertdialog', { name: 'Lift this hold?' });
  await lifting.getByLabel('Reason').fill('settled');
  await lifting.getByRole('button', { name: 'Lift the hold' }).click();
  await expect(main.getByText('Nothing is held.')).toBeVisible();
  await main.getByRole('button', { name: 'Change how long Tool outputs are kept' }).click();
  const days = page.getByRole('alertdialog', { name: 'How long are tool outputs kept?' });
  await days.getByLabel('Days').fill('30');
  await days.getByRole('button', { name: 'Erase what is older' }).click();
  await expect(main.getByText('30 days', { exact: true })).toBeVisible();
  await look(page, 'retention', 'set');

  await open();
  await ask();
  await expect(erase).toBeHidden();
  await expect(main.getByText('A signed tombstone stands in its place', { exact: false })).toBeVisible();
  await expect(main.getByText('asked for by the person', { exact: false }).first()).toBeVisible();
  await expect(main.getByText('Somebody’s private name')).toBeHidden();
  await look(page, 'retention', 'erased');
  const { ok } = await client.audit.verify.mutate({ org: org.slug });
  expect(ok).toBe(true);
  const log = JSON.stringify(await client.audit.events.query({ org: org.slug, limit: 200 }));
  for (const kind of ['hold.placed', 'hold.lifted', 'retention.set', 'audit.erased']) expect(log).toContain(kind);
  expect(log).not.toContain('Somebody’s private name');
});
