import { fleetClient } from '../cli/demo/client.ts';
import { crookedProvider } from './doubles/crooked-provider.ts';
import { identityProvider, oidcClient, type Who } from './doubles/identity-provider.ts';
import { signUp, randomName } from './setup/sign-up.ts';
import { picture } from './steps/picture.ts';
import { comeBySso, makeSsoOrg, nameProvider, publish } from './steps/sso.ts';
import { expect, giveSession, test } from './test.ts';

const signedIn = async (cookies: { name: string; value: string }[], url: string) => {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  return fleetClient({ url, cookie });
};

test('an org proves its domain, names its provider, and is entered by it, at last by it alone', async ({
  page,
  browser,
  installation,
  operator,
  errors,
}) => {
  errors.allow(/status of 40[039]/);
  const { url, namesUrl } = installation;
  const name = randomName('Sso');
  const { slug: org } = await operator.client.orgs.create.mutate({ name });
  const domain = `${org}.example`;
  const email = `ann@${domain}`;
  const provider = await identityProvider({
    redirectUri: (await operator.client.sso.get.query({ org })).redirectUri,
    who: () => ({ sub: '1', email, email_verified: true }),
  });
  await giveSession(page.context(), url, operator.cookie);

  await page.goto(`/${org}/settings/sso`);
  await page.getByLabel('New domain').fill('gmail.com');
  await page.getByRole('button', { name: 'Add the domain' }).click();
  await expect(page.getByText('Anybody can have an address of gmail.com')).toBeVisible();
  await page.getByLabel('New domain').fill(domain);
  await page.getByRole('button', { name: 'Add the domain' }).click();
  await page.getByRole('button', { name: `Look for the record of ${domain}` }).click();
  await expect(page.getByText('DNS has no such record yet')).toBeVisible();
  await publish(namesUrl, (await operator.client.sso.get.query({ org })).domains[0]!);
  await page.getByRole('button', { name: `Look for the record of ${domain}` }).click();
  await page.getByLabel(`What people of ${domain} become`).selectOption('member');
  await page.getByLabel('Issuer').fill(provider.issuer);
  await page.getByLabel('Client id').fill(oidcClient.id);
  await page.getByLabel('Client secret').fill(oidcClient.secret);
  await page.getByRole('button', { name: 'Save the provider' }).click();
  await expect(page.getByText('you have to have come by it yourself')).toBeVisible();
  await picture(page, 'sso/settings', { fullPage: true });

  const desk = await browser.newContext({ baseURL: url });
  errors.watch(desk);
  const hers = await desk.newPage();
  await comeBySso(hers, email);
  await expect(hers, 'where an org without a repo begins').toHaveURL(`/welcome?org=${org}`);
  const ann = await signedIn(await desk.cookies(url), url);
  expect(await ann.orgs.get.query({ org })).toMatchObject({ role: 'member' });

  const memberId = (await ann.people.list.query({ org })).members.find(({ isYou }) => isYou)!.id;
  await operator.client.people.changeRole.mutate({ org, memberId, role: 'owner' });
  await hers.goto(`/${org}/settings/sso`);
  await hers.getByRole('button', { name: 'Require single sign-on' }).click();
  await expect(hers.getByRole('button', { name: 'Allow other ways again' })).toBeVisible();

  const byMail = await signUp({ url, operatorCookie: operator.cookie }, email);
  await expect(byMail.client.orgs.get.query({ org })).rejects.toMatchObject({ data: { appCode: 'sso_required' } });
  expect((await byMail.client.orgs.list.query()).map(({ slug }) => slug)).toEqual([org]);

  await page.goto(`/${org}`);
  await expect(page.getByRole('heading', { name: `${name} has its own sign-in` })).toBeVisible();
  await picture(page, 'sso/gate');
  await page.getByRole('button', { name: 'Enter without it' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Enter for one hour' }).click();
  await expect(page.getByRole('heading', { name: 'Single sign-on', exact: true })).toBeVisible();
  const log = await operator.client.audit.events.query({ org, limit: 50 });
  expect(log.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['domain.proven', 'sso.saved', 'member.joined', 'sso.required', 'sso.bypassed']),
  );
  await desk.close();
  await provider.close();
});

const crooked: { what: string; bend: Parameters<typeof crookedProvider>[0]; words: string }[] = [
  {
    what: 'issuer',
    bend: { claims: (honest) => ({ ...honest, iss: 'https://else.example' }) },
    words: 'not be trusted',
  },
  {
    what: 'nonce',
    bend: { claims: (honest) => ({ ...honest, nonce: 'of-another-browser' }) },
    words: 'not be trusted',
  },
  { what: 'state', bend: { back: (honest) => ({ ...honest, state: 'of-another-browser' }) }, words: 'not be trusted' },
  { what: 'audience', bend: { claims: (honest) => ({ ...honest, aud: 'another-app' }) }, words: 'not be trusted' },
  {
    what: 'address that is not verified',
    bend: { claims: (honest) => ({ ...honest, email: 'ann@DOMAIN', email_verified: false }) },
    words: 'does not vouch for your address',
  },
  {
    what: 'address of another domain',
    bend: { claims: (honest) => ({ ...honest, email: 'ann@else.example', email_verified: true }) },
    words: 'is not your org’s',
  },
];

for (const { what, bend, words } of crooked) {
  test(`a provider’s answer with a wrong ${what} signs nobody in`, async ({
    page,
    context,
    installation,
    operator,
  }) => {
    const { org, domain } = await makeSsoOrg(operator.client, installation.namesUrl);
    const claims = bend.claims;
    const provider = await crookedProvider({
      ...bend,
      claims: (honest) => {
        const { email, ...others } = claims?.(honest) ?? honest;
        return { ...others, ...(typeof email === 'string' ? { email: email.replace('DOMAIN', domain) } : {}) };
      },
    });
    await nameProvider(operator.client, org, provider.issuer);
    await comeBySso(page, `ann@${domain}`);
    await expect(page.getByText(words)).toBeVisible();
    expect((await context.cookies()).map(({ name }) => name)).not.toContain('next-auth.session-token');
    provider.close();
  });
}

test('an address joins one identity of a provider, and stays its own', async ({ page, installation, operator }) => {
  const { org, domain, redirectUri } = await makeSsoOrg(operator.client, installation.namesUrl);
  const email = `ann@${domain}`;
  const before = await signUp({ url: installation.url, operatorCookie: operator.cookie }, email);
  let who: Who = { sub: '1', email, email_verified: true };
  const provider = await identityProvider({ redirectUri, who: () => who });
  await nameProvider(operator.client, org, provider.issuer);
  await comeBySso(page, email);
  await expect(page).toHaveURL(/\/welcome$/);
  const sessions = await before.client.sessions.list.query();
  expect(sessions, 'the account that the address had already').toHaveLength(2);

  await page.context().clearCookies();
  who = { sub: '2', email, email_verified: true };
  await comeBySso(page, email);
  await expect(page.getByText('This address belongs to another account')).toBeVisible();

  await page.goto('/sign-in');
  await comeBySso(page, 'somebody@nowhere.example');
  await expect(page.getByText('No single sign-on for this address')).toBeVisible();
  await provider.close();
});

test('a provider in a private network is the operator’s to name', async ({ person, installation }) => {
  const { slug: org } = await person.client.orgs.create.mutate({ name: randomName('Sso') });
  for (const issuer of [installation.githubUrl, 'http://169.254.169.254', 'https://127.0.0.1:1', 'https://localhost']) {
    const saving = person.client.sso.save.mutate({ org, issuer, client: 'x', clientSecret: 'y' });
    await expect(saving, issuer).rejects.toThrow(/no public https address/);
  }
});
