import canonicalize from 'canonicalize';
import type { WrappedKey } from '../../domain/ports/data-keys.ts';
import { masterKeyId } from '../../domain/secrets/master-keys.ts';
import { decrypt, encrypt } from './aes-gcm.ts';

/** Which key a row is for: a wrapped key moved to another owner does not open. */
type Place = Pick<WrappedKey, 'owner' | 'number'>;

const bound = ({ owner, number }: Place) => canonicalize(['data-key', owner, number])!;

export function wrapKey(key: Uint8Array, { owner, number }: Place, masterKey: string): WrappedKey {
  const { ciphertext: wrapped, nonce } = encrypt(Buffer.from(masterKey, 'hex'), key, bound({ owner, number }));
  return { owner, number, wrapped, nonce, masterKeyId: masterKeyId(masterKey) };
}

/** Null where it was wrapped under another master key or for another owner. */
export function unwrapKey(row: WrappedKey, masterKey: string): Buffer | null {
  return decrypt(Buffer.from(masterKey, 'hex'), { ciphertext: row.wrapped, nonce: row.nonce }, bound(row));
}
