import { beforeAll, describe, expect, it } from 'vitest';
import { authOptions } from '../auth/options.ts';
import { createOwnerLink, ownerAddress } from '../auth/owner-link.ts';
import { sessionFromHeaders } from '../auth/session.ts';
import type { Listener } from '../db/listen.ts';
import type { TestDatabase } from '../testing/database.ts';
import { browserAt, type Browser } from './testing/cookies.ts';
import { serve, type Served } from './testing/serve.ts';
import { servedWeb } from './testing/served-web.ts';
import { callerAs, testWeb } from './testing/test-web.ts';

let tested: TestDatabase;
let listener: Listener;
let served: Served;
beforeAll(async () => {
  ({ tested, listener, served } = await servedWeb());
});

const system = () => tested.database.system;

async function ownerLink(): Promise<URL> {
  const { publicUrl, authSecret: secret } = served.web.settings;
  return new URL(await createOwnerLink(system(), { publicUrl, secret, now: new Date() }));
}

async function mailedLink(to: string): Promise<URL> {
  const mail = await system().outboxMail.findFirstOrThrow({ where: { to }, orderBy: { sentAt: 'desc' } });
  return new URL(/https?:\S+/.exec(mail.text.split('\n').find((line) => line.includes('token=')) ?? '')?.[0] ?? '');
}

async function askForLink(browser: Browser, email: string): Promise<Response> {
  const { csrfToken } = (await (await browser.ask('/api/auth/csrf')).json()) as { csrfToken: string };
  return browser.ask('/api/auth/signin/email', { method: 'POST', form: { csrfToken, email, callbackUrl: '/x' } });
}

/** Presses the button of the page a link leads to. */
async function press(browser: Browser, link: URL): Promise<Response> {
  const confirmed = await browser.ask('/api/sign-in/confirm', {
    method: 'POST',
    form: Object.fromEntries(link.searchParams),
  });
  expect(confirmed.status).toBe(303);
  return confirmed;
}

async function signedInAs(browser: Browser): Promise<string | null> {
  const headers = new Headers({ cookie: browser.jar.header() });
  const viewer = await sessionFromHeaders(system(), headers, { publicUrl: served.url, now: new Date() });
  return viewer?.email ?? null;
}

describe('owner link', () => {
  it('opens a page; its button signs in once, and the first one to do so is the operator', async () => {
    const link = await ownerLink();
    expect(link.pathname).toBe('/sign-in/confirm');
    const browser = browserAt(served.url);
    const done = await press(browser, link);
    expect(done.status).toBe(303);
    expect(done.headers.get('location')).toBe('/');
    expect(await signedInAs(browser)).toBe(ownerAddress);
    const user = await system().user.findUniqueOrThrow({ where: { email: ownerAddress } });
    expect(await system().installation.findUnique({ where: { id: 1 } })).toMatchObject({ operatorUserId: user.id });

    const again = browserAt(served.url);
    const refused = await press(again, link);
    expect(refused.headers.get('location')).toContain('error=Verification');
    expect(await signedInAs(again)).toBeNull();
  });

  it('a newer link voids the older one', async () => {
    const older = await ownerLink();
    const newer = await ownerLink();
    const browser = browserAt(served.url);
    await press(browser, older);
    expect(await signedInAs(browser)).toBeNull();
    await press(browser, newer);
    expect(await signedInAs(browser)).toBe(ownerAddress);
  });

  it('is over after a day', async () => {
    const { publicUrl, authSecret: secret } = served.web.settings;
    const dayAgo = new Date(Date.now() - 24 * 60 * 60 * 1000 - 1);
    const link = new URL(await createOwnerLink(system(), { publicUrl, secret, now: dayAgo }));
    const browser = browserAt(served.url);
    await press(browser, link);
    expect(await signedInAs(browser)).toBeNull();
  });

  it('cannot be had by asking for a mail to its address', async () => {
    for (const email of [ownerAddress, ownerAddress.toUpperCase(), ` ${ownerAddress} `]) {
      const refused = await askForLink(browserAt(served.url), email);
      expect(refused.headers.get('location')).toMatch(/error=(AccessDenied|EmailSignin)/);
    }
    expect(await system().outboxMail.count({ where: { to: { contains: 'localhost' } } })).toBe(0);
    const { publicUrl, authSecret: secret } = served.web.settings;
    const { mailer, report } = served.web;
    const { callbacks } = authOptions({
      ...{ system: system(), mailer, publicUrl, secret, report },
      proved: async () => {},
      joined: async () => {},
      mayComeIn: async () => true,
    });
    const user = { id: ownerAddress, email: ownerAddress };
    expect(await callbacks?.signIn?.({ user, account: null, email: { verificationRequest: true } })).toBe(false);
  });
});

describe('e-mail link', () => {
  it('a scanner that opens it, in every way that reads, leaves it working for the person', async () => {
    const email = 'scanned@example.com';
    const browser = browserAt(served.url);
    const asked = await askForLink(browser, email);
    expect(asked.headers.get('location')).toContain('/api/auth/verify-request');
    const link = await mailedLink(email);
    expect(link.pathname).toBe('/sign-in/confirm');
    const scanner = browserAt(served.url);
    for (const method of ['GET', 'HEAD', 'GET'] as const)
      await scanner.ask(`${link.pathname}${link.search}`, { method });
    expect(scanner.jar.names()).toEqual([]);
    expect(await system().user.count({ where: { email } })).toBe(0);

    await press(browser, link);
    expect(await signedInAs(browser)).toBe(email);
  });

  it('leads on to where the person wanted to go, never to another site', async () => {
    const email = 'led@example.com';
    const browser = browserAt(served.url);
    await askForLink(browser, email);
    const link = await mailedLink(email);
    expect(link.searchParams.get('callbackUrl')).toBe('/x');
    link.searchParams.set('callbackUrl', 'https://evil.example.com/');
    expect((await press(browser, link)).headers.get('location')).toBe('/');
  });

  it('asking for one clears links, sessions and mails that are over, and no others', async () => {
    const [old, young] = [25, 23].map((hours) => new Date(Date.now() - hours * 60 * 60 * 1000));
    for (const [id, sentAt] of Object.entries({ mail_old: old!, mail_young: young! }))
      await system().outboxMail.create({ data: { id, to: 'kept@example.com', subject: 's', text: 't', sentAt } });
    await system().verificationToken.create({ data: { identifier: 'over@example.com', token: 'x', expires: young! } });
    await askForLink(browserAt(served.url), 'clearing@example.com');
    const mails = await system().outboxMail.findMany({ where: { to: 'kept@example.com' } });
    expect(mails.map(({ id }) => id)).toEqual(['mail_young']);
    expect(await system().verificationToken.count({ where: { identifier: 'over@example.com' } })).toBe(0);
    expect(await system().verificationToken.count({ where: { identifier: 'clearing@example.com' } })).toBe(1);
  });

  it('two presses at the same moment sign in once', async () => {
    const email = 'twice@example.com';
    await askForLink(browserAt(served.url), email);
    const link = await mailedLink(email);
    const browsers = [browserAt(served.url), browserAt(served.url)];
    await Promise.all(browsers.map((browser) => press(browser, link)));
    const who = await Promise.all(browsers.map(signedInAs));
    expect(who.filter((name) => name === email)).toHaveLength(1);
    expect(await system().user.count({ where: { email } })).toBe(1);
  });

  it('is refused with another address, and makes nobody operator', async () => {
    const email = 'own@example.com';
    await askForLink(browserAt(served.url), email);
    const link = await mailedLink(email);
    link.searchParams.set('email', ownerAddress);
    const browser = browserAt(served.url);
    await press(browser, link);
    expect(await signedInAs(browser)).toBeNull();
  });

  it('is not sent more than five times in a quarter of an hour to one address, known or not', async () => {
    const browser = browserAt(served.url);
    for (const email of ['often@example.com', 'own@example.com']) {
      await system().signInRequest.deleteMany({ where: { email } });
      const before = await system().outboxMail.count({ where: { to: email } });
      for (let n = 0; n < 5; n += 1) expect((await askForLink(browser, email.toUpperCase())).status).toBe(303);
      const refused = await askForLink(browser, email);
      expect(refused.headers.get('location')).toBe('/sign-in?error=TooManyMails');
      expect(await system().outboxMail.count({ where: { to: email } })).toBe(before + 5);
    }
    const other = await askForLink(browser, 'other@example.com');
    expect(other.headers.get('location')).toContain('verify-request');
  });

  it('is not sent without the CSRF token of the page', async () => {
    const browser = browserAt(served.url);
    const refused = await browser.ask('/api/auth/signin/email', {
      method: 'POST',
      form: { email: 'csrf@example.com' },
    });
    expect(refused.headers.get('location')).toContain('csrf=true');
    expect(await system().outboxMail.count({ where: { to: 'csrf@example.com' } })).toBe(0);
  });
});

describe('the button', () => {
  it.each([
    ['another site', 'https://evil.example.com'],
    ['no Origin', null],
    ['a sandboxed frame', 'null'],
  ])('does nothing for %s', async (_name, origin) => {
    const link = await ownerLink();
    const browser = browserAt(served.url);
    const form = Object.fromEntries(link.searchParams);
    const refused = await browser.ask('/api/sign-in/confirm', { method: 'POST', form, origin });
    expect(refused.status).toBe(403);
    await press(browser, link);
    expect(await signedInAs(browser)).toBe(ownerAddress);
  });
});

describe('next-auth’s own callback', () => {
  it.each(['GET', 'HEAD', 'POST'] as const)(
    'signs nobody in by %s: another site could have sent it',
    async (method) => {
      const link = await ownerLink();
      const victim = browserAt(served.url);
      const answer = await victim.ask(`/api/auth/callback/email${link.search}`, { method });
      expect(answer.status).toBe(404);
      expect(victim.jar.names()).toEqual([]);
      const browser = browserAt(served.url);
      await press(browser, link);
      expect(await signedInAs(browser)).toBe(ownerAddress);
    },
  );
});

describe('session', () => {
  it('is a digest in the table, ends by signing out, and by time', async () => {
    const browser = browserAt(served.url);
    await press(browser, await ownerLink());
    const cookie = browser.jar.header();
    const token = /next-auth\.session-token=([^;]+)/.exec(cookie)?.[1] ?? '';
    expect(await system().session.count({ where: { sessionToken: token } })).toBe(0);

    const later = new Date(Date.now() + 31 * 24 * 60 * 60 * 1000);
    const headers = new Headers({ cookie });
    expect(await sessionFromHeaders(system(), headers, { publicUrl: served.url, now: later })).toBeNull();

    const { csrfToken } = (await (await browser.ask('/api/auth/csrf')).json()) as { csrfToken: string };
    await browser.ask('/api/auth/signout', { method: 'POST', form: { csrfToken } });
    expect(await sessionFromHeaders(system(), headers, { publicUrl: served.url, now: new Date() })).toBeNull();
  });

  it('a made-up cookie is nobody', async () => {
    const headers = new Headers({ cookie: 'next-auth.session-token=%E0%A4%A; x' });
    expect(await sessionFromHeaders(system(), headers, { publicUrl: served.url, now: new Date() })).toBeNull();
  });
});

describe('behind https', () => {
  it('cookies are for https only, and the session they name is found', async () => {
    const publicUrl = 'https://fleet.example.com';
    const own = await serve(() => testWeb({ database: tested.database, listener, publicUrl }));
    const { authSecret: secret } = own.web.settings;
    const link = new URL(await createOwnerLink(system(), { publicUrl, secret, now: new Date() }));
    expect(link.origin).toBe(publicUrl);
    const browser = browserAt(own.url);
    const form = Object.fromEntries(link.searchParams);
    const done = await browser.ask('/api/sign-in/confirm', { method: 'POST', form, origin: publicUrl });
    expect(done.headers.get('location')).toBe('/');
    const session = done.headers.getSetCookie().find((line) => line.includes('session-token')) ?? '';
    expect(session).toMatch(/^__Secure-next-auth\.session-token=.*HttpOnly; Secure; SameSite=Lax/);
    const headers = new Headers({ cookie: browser.jar.header() });
    expect(await sessionFromHeaders(system(), headers, { publicUrl, now: new Date() })).toMatchObject({
      operator: true,
    });
    await own.close();
  });
});

describe('outbox', () => {
  it('is read by the operator only, and by nobody once it is off', async () => {
    const { web } = served;
    const operator = { userId: 'usr_op', email: ownerAddress, operator: true };
    expect((await callerAs(web, operator).installation.outbox()).length).toBeGreaterThan(0);
    const other = { ...operator, operator: false };
    await expect(callerAs(web, other).installation.outbox()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const published = { ...web, settings: { ...web.settings, outbox: false } };
    await expect(callerAs(published, operator).installation.outbox()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(callerAs(web, null).installation.outbox()).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});
