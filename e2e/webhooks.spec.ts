import { openReceiver } from '../server/adapters/webhooks/testing/receiver.ts';
import { look } from './steps/look.ts';
import { makeReadyOrg } from './steps/orgs.ts';
import { expectAccessible } from './steps/sound.ts';
import { expect, test } from './test.ts';

test('a webhook is added, tried, fails in sight, gets a new secret, is turned off and removed', async ({
  page,
  errors,
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
  await page.screenshot({ path: 'test-results/webhooks/form.png' });
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
  for (const kind of ['saved', 'tested', 'secret-changed', 'disabled', 'removed'])
    expect(log).toContain(`webhook.${kind}`);
  await receiver.close();
});
