import { identityProvider } from './doubles/identity-provider.ts';
import { randomEmail, type Person } from './setup/sign-up.ts';
import { joinAs } from './steps/join-as.ts';
import { inspect, windows, type Window } from './steps/inspect.ts';
import { makeSsoOrg, nameProvider, type SsoOrg } from './steps/sso.ts';
import { expect, giveSession, test } from './test.ts';

type Client = Person['client'];

/** An org with some of everything that its settings show; the operator's, who alone may name a provider on this machine. */
async function peopled(
  client: Client,
  { org, domain }: SsoOrg,
  invite: (role: 'admin' | 'auditor') => Promise<Person>,
) {
  await client.sso.addDomain.mutate({ org, domain: `a-second-and-rather-longer-domain.${domain}` });
  const [admin] = [await invite('admin'), await invite('auditor')];
  await client.people.invite.mutate({ org, email: randomEmail(), role: 'maintainer' });
  const { members } = await client.people.list.query({ org });
  for (const name of ['Payments', 'Platform and developer experience']) {
    await client.budgets.addTeam.mutate({ org, name });
  }
  for (const { id: teamId } of (await client.teams.list.query({ org })).teams) {
    for (const { id: memberId } of members.slice(0, 2)) {
      await client.teams.setMember.mutate({ org, teamId, memberId, isIn: true });
    }
  }
  const { serviceAccountId } = await client.keys.addAccount.mutate({ org, name: 'nightly-dependency-updates' });
  for (const days of [1, 90]) {
    await client.keys.make.mutate({ org, serviceAccountId, scopes: ['tasks:read', 'tasks:create', 'runs:read'], days });
  }
  const [account] = await client.keys.list.query({ org });
  await client.keys.revoke.mutate({ org, keyId: account!.keys[0]!.id });
  await client.secrets.save.mutate({
    ...{
      org,
      secretId: null,
      repoId: null,
      name: 'REGISTRY_TOKEN',
      value: 'a-secret-value',
      inSetUp: true,
      inRuns: true,
    },
    ...{ places: ['registry.example.com:443', 'packages.example.com'], header: 'Authorization: Bearer {}' },
  });
  return admin;
}

const shows: Record<string, string> = {
  members: 'Invited',
  teams: 'Platform and developer experience',
  roles: 'The six roles',
  sso: 'Single sign-on',
  keys: 'nightly-dependency-updates',
  secrets: 'REGISTRY_TOKEN',
  danger: 'Delete the org',
};

for (const [window, use] of Object.entries(windows) as [Window, (typeof windows)[Window]][]) {
  test.describe(`on a ${window}`, () => {
    test.use(use);

    test('the settings of an org with people, teams, keys and secrets are sound', async ({
      page,
      context,
      installation,
      operator,
    }) => {
      const { client, cookie } = operator;
      const ssoOrg = await makeSsoOrg(client, installation.namesUrl);
      const { org, redirectUri } = ssoOrg;
      const provider = await identityProvider({
        redirectUri,
        who: () => ({ sub: '1', email: 'ann@example.com', email_verified: true }),
      });
      await nameProvider(client, org, provider.issuer);
      const admin = await peopled(client, ssoOrg, (role) => joinAs(client, { org, role, installation, operator }));
      await giveSession(context, installation.url, cookie);
      for (const [name, text] of Object.entries(shows)) {
        await page.goto(`/${org}/settings/${name}`);
        await expect(page.getByRole('main').getByText(text).first()).toBeVisible();
        const tabs = page.getByRole('navigation', { name: 'Settings' });
        await expect(tabs.locator('[aria-current=page]')).toBeInViewport({ ratio: 1 });
        await inspect(page, window, `peopled-${name}`);
      }
      await page.goto('/installation');
      await expect(page.getByText(/Answers in \d+ ms/)).toBeVisible();
      await inspect(page, window, 'peopled-installation');
      await provider.close();

      await context.clearCookies();
      await giveSession(context, installation.url, admin.cookie);
      await page.goto('/account');
      await expect(page.getByText('(this one)')).toBeVisible();
      await inspect(page, window, 'peopled-account');
      await page.goto(`/${org}/settings/members`);
      await expect(page.getByRole('main').getByText('Invited').first()).toBeVisible();
      await inspect(page, window, 'peopled-members-admin');
    });
  });
}
