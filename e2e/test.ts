import { expect, test as base, type BrowserContext } from '@playwright/test';
import { fleetClient } from '../cli/demo/client.ts';
import { readHandover, type Handover } from './setup/handover.ts';
import { signUp, type Person } from './setup/sign-up.ts';

type PageErrors = {
  /** Watches the pages of another context too. */
  watch(context: BrowserContext): void;
  /** What a test brings about itself, such as the refused request of an input that must be refused. */
  allow(pattern: RegExp): void;
};

type Fixtures = {
  installation: Handover;
  errors: PageErrors;
  /** A new person, signed in in this test's browser. */
  person: Person;
  operator: Person;
};

export const test = base.extend<Fixtures>({
  installation: async ({}, use) => use(readHandover()),
  baseURL: async ({ installation }, use) => use(installation.url),
  errors: [
    async ({ context }, use) => {
      const seen: string[] = [];
      const allowed: RegExp[] = [];
      const watch = (watched: BrowserContext) => {
        watched.on('console', (message) => {
          if (message.type() === 'error') seen.push(`${message.text()} at ${message.location().url}`);
        });
        watched.on('weberror', (error) => seen.push(String(error.error())));
      };
      watch(context);
      await use({ watch, allow: (pattern) => void allowed.push(pattern) });
      const unexpected = seen.filter((text) => !allowed.some((pattern) => pattern.test(text)));
      expect(unexpected, 'errors in the browser’s console').toEqual([]);
    },
    { auto: true },
  ],
  person: async ({ installation, context }, use) => {
    const person = await signUp(installation);
    await giveSession(context, installation.url, person.cookie);
    await use(person);
  },
  operator: async ({ installation: { url, operatorCookie: cookie } }, use) =>
    use({ email: 'operator@localhost', cookie, client: fleetClient({ url, cookie }) }),
});

export { expect };

/** Signs a browser in with a session that was got elsewhere. */
export async function giveSession(context: BrowserContext, url: string, cookie: string): Promise<void> {
  const cookies = cookie.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), url };
  });
  await context.addCookies(cookies);
}
