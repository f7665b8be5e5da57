import { expect, type Page } from '@playwright/test';
import type { FleetClient } from '../../cli/demo/client.ts';
import { randomName } from '../setup/sign-up.ts';
import { oidcClient } from '../doubles/identity-provider.ts';

export type SsoOrg = { org: string; name: string; domain: string; redirectUri: string };

/** Has the name server say what proves a domain. */
export async function publish(
  namesUrl: string,
  { recordName, recordText }: { recordName: string; recordText: string },
) {
  const body = JSON.stringify({ name: recordName, text: recordText });
  expect((await fetch(namesUrl, { method: 'POST', body })).ok).toBe(true);
}

/** An org of the operator, who alone may name a provider on this machine, with a proven domain of its own. */
export async function makeSsoOrg(client: FleetClient, namesUrl: string): Promise<SsoOrg> {
  const { slug: org, name } = await client.orgs.create.mutate({ name: randomName('Sso') });
  const domain = `${org}.example`;
  const { domainId } = await client.sso.addDomain.mutate({ org, domain });
  const { redirectUri, domains } = await client.sso.get.query({ org });
  await publish(namesUrl, domains[0]!);
  await client.sso.proveDomain.mutate({ org, domainId });
  return { org, name, domain, redirectUri };
}

export async function nameProvider(client: FleetClient, org: string, issuer: string): Promise<void> {
  await client.sso.save.mutate({ org, issuer, client: oidcClient.id, clientSecret: oidcClient.secret });
}

/** What a person does who comes by single sign-on. */
export async function comeBySso(page: Page, email: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByRole('button', { name: 'Use single sign-on' }).click();
}
