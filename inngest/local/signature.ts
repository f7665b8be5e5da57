import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Both sides refuse a signature older or newer than this. */
const signatureWindowSeconds = 300;

const bare = (signingKey: string) => signingKey.replace(/^signkey-\w+-/, '');

/** The `x-inngest-signature` header for `body`. The key's digits are used as text here, not decoded. */
export function signBody(body: string, signingKey: string, now: Date): string {
  const seconds = Math.round(now.getTime() / 1000);
  return `t=${seconds}&s=${mac(body, signingKey, String(seconds))}`;
}

/** True when `header` signs exactly `body` with this key within the window. */
export function verifyBody(body: string, header: string | undefined, key: { signingKey: string; now: Date }): boolean {
  const given = new URLSearchParams(header ?? '');
  const time = given.get('t') ?? '';
  const age = Math.abs(key.now.getTime() / 1000 - Number(time));
  if (!/^\d+$/.test(time) || age > signatureWindowSeconds) return false;
  return sameText(mac(body, key.signingKey, time), given.get('s') ?? '');
}

/** What the SDK sends as `Authorization` when it registers: here the key's digits are decoded first. */
export function registrationBearer(signingKey: string): string {
  const prefix = /^signkey-\w+-/.exec(signingKey)?.[0] ?? '';
  return `Bearer ${prefix}${createHash('sha256')
    .update(Buffer.from(bare(signingKey), 'hex'))
    .digest('hex')}`;
}

/** Compares two secrets in time that tells nothing about where they differ. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function mac(body: string, signingKey: string, time: string): string {
  return createHmac('sha256', bare(signingKey)).update(body).update(time).digest('hex');
}
