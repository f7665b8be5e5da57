import { createHash } from 'node:crypto';

/** Session rows hold the digest of the cookie, so that a copy of the table signs nobody in. */
export function sessionDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Name of next-auth's session cookie; the prefix makes browsers insist on https. */
export function sessionCookie(publicUrl: string): string {
  return isSecure(publicUrl) ? '__Secure-next-auth.session-token' : 'next-auth.session-token';
}

export function isSecure(publicUrl: string): boolean {
  return publicUrl.startsWith('https://');
}
