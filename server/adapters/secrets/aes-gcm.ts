import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const tagBytes = 16;

export type Boxed = { ciphertext: Uint8Array<ArrayBuffer>; nonce: Uint8Array<ArrayBuffer> };

/** AES-256-GCM under a fresh nonce; the tag is the last 16 bytes. `context` is authenticated and not stored. */
export function encrypt(key: Uint8Array, plain: Uint8Array, context: string): Boxed {
  const nonce = randomBytes(12);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { ciphertext: new Uint8Array(sealed), nonce: new Uint8Array(nonce) };
}

/** Null for another key or context, or for what was tampered with. */
export function decrypt(
  key: Uint8Array,
  { ciphertext, nonce }: { ciphertext: Uint8Array; nonce: Uint8Array },
  context: string,
): Buffer | null {
  try {
    const at = ciphertext.length - tagBytes;
    const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes }).setAAD(Buffer.from(context));
    decipher.setAuthTag(ciphertext.subarray(at));
    return Buffer.concat([decipher.update(ciphertext.subarray(0, at)), decipher.final()]);
  } catch {
    return null;
  }
}
