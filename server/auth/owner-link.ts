import { createHash, randomBytes } from 'node:crypto';
import type { SystemDb } from '../db/connect.ts';

/**
 * The identity that only an owner link can sign in: no mail is ever sent to it (authOptions refuses), so that whoever
 * holds the link printed by the server, and nobody else, becomes the operator.
 */
export const ownerAddress = 'operator@localhost';

const lifetimeMs = 24 * 60 * 60 * 1000;

/** The stored form of a sign-in token, as next-auth computes it. */
function tokenDigest(token: string, secret: string): string {
  return createHash('sha256').update(`${token}${secret}`).digest('hex');
}

/** The page whose button signs in. Opening it changes nothing: mail scanners open links. */
export function confirmUrl(link: { publicUrl: string; token: string; email: string; callbackUrl: string }): string {
  const query = new URLSearchParams({ token: link.token, email: link.email, callbackUrl: link.callbackUrl });
  return `${link.publicUrl}/sign-in/confirm?${query}`;
}

/**
 * Makes a one-time sign-in link for the installation's operator, good for 24 hours, and voids earlier ones. The link is
 * the only copy of its secret; the row holds a digest.
 */
export async function createOwnerLink(
  system: SystemDb,
  { publicUrl, secret, now }: { publicUrl: string; secret: string; now: Date },
): Promise<string> {
  const token = randomBytes(32).toString('hex');
  await system.verificationToken.deleteMany({ where: { identifier: ownerAddress } });
  await system.verificationToken.create({
    data: {
      identifier: ownerAddress,
      token: tokenDigest(token, secret),
      expires: new Date(now.getTime() + lifetimeMs),
    },
  });
  return confirmUrl({ publicUrl, token, email: ownerAddress, callbackUrl: '/' });
}
