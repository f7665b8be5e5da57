import { createPublicKey, hash, verify } from 'node:crypto';
import type { Hashing } from './hashing.ts';

export const nodeHashing: Hashing = {
  sha256(...parts) {
    const [only = new Uint8Array(), ...more] = parts;
    return hash('sha256', more.length === 0 ? only : Buffer.concat(parts), 'buffer');
  },
  signedBy(publicKey, message, signature) {
    try {
      const x = Buffer.from(publicKey).toString('base64url');
      return verify(
        null,
        message,
        createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
        signature,
      );
    } catch {
      return false;
    }
  },
};
