import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Hashing } from './hashing.ts';

export const nodeHashing: Hashing = {
  sha256(...parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
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
