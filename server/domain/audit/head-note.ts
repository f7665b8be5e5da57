import { AppError } from '../errors.ts';
import { checkpointNote, originOf } from './checkpoint.ts';
import type { AuditPublicKey } from './checkpoint.ts';
import type { Sha256 } from './hashing.ts';

/** A signed head as it is kept. `keyId` is its key's name. */
export type SealedHead = { size: number; root: Uint8Array; keyId: string; signature: Uint8Array; at: Date };

/** The head as a signed note. Throws AppError `unavailable` when its key is not one of `keys`. */
export function headNote(
  sha256: Sha256,
  org: string,
  { head, keys }: { head: SealedHead; keys: readonly AuditPublicKey[] },
): string {
  const key = keys.find(({ name }) => name === head.keyId);
  if (!key)
    throw new AppError('unavailable', `The key ${head.keyId} that signed the log's head is not there any more.`);
  return checkpointNote(sha256, { ...head, origin: originOf(org) }, { ...key, signature: head.signature });
}
