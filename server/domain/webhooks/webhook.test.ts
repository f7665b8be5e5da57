import { describe, expect, it } from 'vitest';
import { afterTry, leaseMs, mostTries } from './after-try.ts';
import { signedHeaders, webhookSecret } from './sign-message.ts';
import { assertStreamFilter, placeOfWebhook, webhookEntry } from './webhook.ts';

describe('a signature', () => {
  it('is that of the published example of the form', () => {
    const message = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
    };
    expect(signedHeaders(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], message)).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('stands there once for each secret that holds', () => {
    const [a, b] = [webhookSecret(new Uint8Array(32).fill(1)), webhookSecret(new Uint8Array(32).fill(2))];
    const message = { id: 'm', at: new Date(0), body: '{}' };
    const alone = [a, b].map((secret) => signedHeaders([secret], message)['webhook-signature']);
    expect(signedHeaders([a, b], message)['webhook-signature']).toBe(alone.join(' '));
    expect(alone[0]).not.toBe(alone[1]);
  });
});

const now = new Date('2026-11-28T12:00:00Z');
const answered = (status: number, over: { retryAfter?: string; text?: string } = {}) =>
  ({ kind: 'answered', status, retryAfter: null, text: '', ...over }) as const;
const after = (answer: Parameters<typeof afterTry>[0], tries = 1, roll = 0) => afterTry(answer, { tries, now, roll });

describe('what becomes of a message', () => {
  it.each([200, 202, 204, 299])('%d is delivered', (status) =>
    expect(after(answered(status))).toEqual({ kind: 'delivered' }),
  );

  it.each([100, 301, 307, 400, 404, 429, 500, 503])('%d is tried again', (status) =>
    expect(after(answered(status))).toMatchObject({ kind: 'again' }),
  );

  it('410 turns the webhook off', () => expect(after(answered(410))).toMatchObject({ kind: 'gone' }));

  it('waits twice as long each time, up to six hours, of which the upper half is drawn', () => {
    const waits = (roll: number) =>
      Array.from({ length: mostTries - 1 }, (_, n) => {
        const outcome = after({ kind: 'unsent', why: 'x' }, n + 1, roll);
        return outcome.kind === 'again' ? outcome.waitMs : null;
      });
    const whole = waits(1 - 1e-12);
    expect(whole.slice(0, 4)).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(whole.at(-1)).toBe(6 * 3_600_000);
    expect(waits(0)).toEqual(whole.map((ms) => ms! / 2));
    // Else a message would be taken for lost while it is being sent.
    expect(leaseMs).toBeGreaterThan(15_000);
  });

  it('waits as long as it is asked to, in seconds or until a time, within reason', () => {
    const wait = (retryAfter: string) => after(answered(503, { retryAfter }));
    expect(wait('120')).toMatchObject({ waitMs: 120_000 });
    expect(wait('Sat, 28 Nov 2026 12:10:00 GMT')).toMatchObject({ waitMs: 600_000 });
    expect(wait('999999999')).toMatchObject({ waitMs: 6 * 3_600_000 });
    for (const nothing of ['1', 'soon', '', '-5', 'Sat, 28 Nov 2020 12:10:00 GMT']) {
      expect(wait(nothing)).toMatchObject({ waitMs: 15_000 });
    }
  });

  it('is given up after the last try, with what was said', () => {
    expect(after(answered(500, { text: 'no \0room\n\n left\ud800' }), mostTries)).toEqual({
      kind: 'dead',
      problem: 'It answered 500: no room left\ufffd',
    });
    expect(after(answered(302), mostTries)).toMatchObject({ kind: 'dead', problem: /redirect/ });
    expect(after({ kind: 'unsent', why: 'x'.repeat(5_000) }, mostTries)).toMatchObject({ problem: 'x'.repeat(300) });
  });
});

describe('what a person says of a webhook', () => {
  const entry = { url: 'https://a.example/x?y=1', filter: '', sendsEvents: true, sendsHeads: false };
  it('is an address that can be called', () => {
    expect(webhookEntry.safeParse(entry).success).toBe(true);
    for (const url of ['ftp://a.example', 'https://u:p@a.example', 'https://a.example/#x', 'a.example', 'https://']) {
      expect([url, webhookEntry.safeParse({ ...entry, url }).success]).toEqual([url, false]);
    }
    expect(webhookEntry.safeParse({ ...entry, sendsEvents: false }).success).toBe(false);
    expect(placeOfWebhook(entry.url)).toBe('https://a.example');
  });

  it('is no stretch of time', () => {
    expect(() => assertStreamFilter('kind:approval.* repo:shop "text"')).not.toThrow();
    for (const filter of ['after:7d', 'before:2026-11-28', 'nothing:x']) {
      expect(() => assertStreamFilter(filter)).toThrow();
    }
  });
});
