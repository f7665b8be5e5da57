import { signIn } from '../cli/demo/sign-in.ts';
import { fleetClient } from '../cli/demo/client.ts';
import { askForLink, mailedLink } from './setup/sign-up.ts';
import { expect, test } from './test.ts';

test('a person sees where he is signed in, and ends the others', async ({ page, person, installation }) => {
  const { url } = installation;
  await askForLink(url, person.email);
  const cookie = await signIn(await mailedLink(installation, person.email));
  const elsewhere = fleetClient({ url, cookie });
  expect(await elsewhere.me.get.query()).toMatchObject({ email: person.email });

  await page.goto('/account');
  const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: '(this one)' })).toContainText('Chrome on Linux');
  await page.getByRole('button', { name: 'End all others' }).click();
  await expect(sessions).toHaveCount(1);
  await expect(elsewhere.me.get.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } });

  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await expect(person.client.me.get.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } });
});
