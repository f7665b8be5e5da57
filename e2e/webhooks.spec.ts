import { openReceiver } from '../server/adapters/webhooks/testing/receiver.ts';
import { giveUpTests } from './steps/give-up.ts';
import { look } from './steps/look.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { picture } from './steps/picture.ts';
import { expectAccessible } from './steps/sound.ts';
import { expect, test } from './test.ts';

test('a webhook is added, tried, fails in sight, drops what was given up, gets a new secret, is turned off and removed', async ({
  page,
  errors,
  installation,
  person: { client },
}) => {
  errors.allow(/status of 400/);
  const receiver = await openReceiver();
  const { org } = await makeReadyOrg(client);
  const url = `http://localhost:${receiver.port}/in`;
  await page.goto(`/${org.slug}/settings/webhooks`);
  await expect(page.getByText('There is no webhook yet')).toBeVisible();
  await look(page, 'webhooks', 'none');
  await page.getByRole('button', { name: 'Add a webhook' }).click();
  const form = page.getByRole('alertdialog', { name: 'Add a webhook' });
  await form.getByLabel('Address').fill('http://hooks.example.com/in');
  await form.getByRole('button', { name: 'Add the webhook' }).click();
  await expect(form.getByText('Write an https address', { exact: false })).toBeVisible();
  await form.getByLabel('Address').fill(url);
  await form.getByLabel('Only events that pass').fill('kind:org.*');
  await form.getByLabel('Signed heads').check();
  await expectAccessible(page);
  await picture(page, 'webhooks/form');
  await form.getByRole('button', { name: 'Add the webhook' }).click();
  const made = page.getByRole('alertdialog', { name: 'The secret of this webhook' });
  await expect(made.getByLabel('The secret')).toHaveText(/^whsec_/);
  await made.getByRole('button', { name: 'I have copied it' }).click();
  const hook = page.getByRole('article', { name: url });
  await expect(hook.getByText('events and signed heads')).toBeVisible();

  await hook.getByRole('button', { name: 'Send a test' }).click();
  await expect(hook.getByText('webhook.test')).toBeVisible();
  await expect(hook.getByText(/^taken/)).toBeVisible();
  expect(receiver.got[0]).toMatchObject({ headers: { 'webhook-signature': expect.stringMatching(/^v1,/) } });
  receiver.answer((response) => response.writeHead(503).end('no room for more'));
  await hook.getByRole('button', { name: 'Send a test' }).click();
  await expect(hook.getByText('Messages do not come through')).toBeVisible();
  await look(page, 'webhooks', 'failing');
  await page.setViewportSize({ width: 390, height: 800 });
  await look(page, 'webhooks', 'phone');
  await page.setViewportSize({ width: 1280, height: 720 });

  await giveUpTests(installation, org.slug);
  receiver.answer(204);
  await page.reload();
  await expect(hook.getByText('1 message was given up')).toBeVisible();
  await look(page, 'webhooks', 'given-up');
  const tests = () => receiver.got.filter(({ body }) => body.includes('webhook.test')).length;
  const before = tests();
  await hook.getByRole('button', { name: 'Send again webhook.test' }).click();
  await expect(hook.getByText('given up')).toHaveCount(0);
  await expect.poll(tests).toBe(before + 1);
  receiver.answer(503);
  const [webhook] = await client.webhooks.get.query({ org: org.slug });
  for (let n = 0; n < 2; n++) await client.webhooks.test.mutate({ org: org.slug, webhookId: webhook!.id });
  await giveUpTests(installation, org.slug);
  await page.reload();
  await expect(hook.getByText('2 messages were given up')).toBeVisible();
  await hook.getByRole('button', { name: 'Discard webhook.test' }).first().click();
  await page.getByRole('button', { name: 'Discard it' }).click();
  await expect(hook.getByText('1 message was given up')).toBeVisible();
  await hook.getByRole('button', { name: 'Discard all of them' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Discard them' }).click();
  await expect(hook.getByText('given up')).toHaveCount(0);

  await hook.getByRole('button', { name: 'New secret' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  await expect(page.getByLabel('The secret')).toHaveText(/^whsec_/);
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(hook.getByText('The one before signs too', { exact: false })).toBeVisible();
  await hook.getByRole('button', { name: 'Turn off' }).click();
  await expect(hook.getByText('it goes on where it was', { exact: false })).toBeVisible();
  await hook.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('button', { name: 'Remove the webhook' }).click();
  await expect(page.getByText('There is no webhook yet')).toBeVisible();
  const log = JSON.stringify(await client.audit.events.query({ org: org.slug, limit: 200 }));
  for (const kind of ['saved', 'tested', 'resent', 'discarded', 'secret-changed', 'disabled', 'removed'])
    expect(log).toContain(`webhook.${kind}`);
  await receiver.close();
});
