import { createHash } from 'node:crypto';

/** The stored form of a secret of 256 random bits: nothing is gained by a slower hash, and a copy of the table opens nothing. */
export function secretDigest(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
