import { randomBytes } from 'node:crypto';
import { fleetClient, type FleetClient } from '../../cli/demo/client.ts';
import { signIn } from '../../cli/demo/sign-in.ts';

export type Person = { email: string; cookie: string; client: FleetClient };
type Where = { url: string; operatorCookie: string };

export const randomName = (what: string) => `${what} ${randomBytes(4).toString('hex')}`;
export const randomEmail = () => `p-${randomBytes(6).toString('hex')}@example.com`;

/** The newest sign-in link that was mailed to `email`, as the operator reads it in the outbox. */
export async function mailedLink({ url, operatorCookie }: Where, email: string): Promise<string> {
  const mails = await fleetClient({ url, cookie: operatorCookie }).installation.outbox.query();
  const link = /^http\S+$/m.exec(mails.find(({ to }) => to === email)?.text ?? '')?.[0];
  if (!link) throw new Error(`No sign-in link was mailed to ${email}.`);
  return link;
}

export async function askForLink(url: string, email: string): Promise<void> {
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const cookie = csrf.headers
    .getSetCookie()
    .map((one) => one.split(';', 1)[0])
    .join('; ');
  const answer = await fetch(`${url}/api/auth/signin/email`, {
    method: 'POST',
    headers: { cookie, origin: url },
    body: new URLSearchParams({ csrfToken, email, callbackUrl: '/', json: 'true' }),
  });
  if (!answer.ok) throw new Error(`Asking for a sign-in link was answered ${answer.status}.`);
}

/** A new person with a session of their own, got through a mailed link as anybody gets one. */
export async function signUp(where: Where, email = randomEmail()): Promise<Person> {
  await askForLink(where.url, email);
  const cookie = await signIn(await mailedLink(where, email));
  return { email, cookie, client: fleetClient({ url: where.url, cookie }) };
}
