import { randomBytes } from 'node:crypto';

/** 256 bits that nobody can guess, in characters that need no escaping in an address or a header. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}
