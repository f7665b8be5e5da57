import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from '../../domain/errors.ts';
import type { SecretBox } from '../../domain/ports/secret-box.ts';

const algorithm = 'aes-256-gcm';
const tagBytes = 16;
const keyVersion = 1;

/** AES-256-GCM under the installation's master key (64 hexadecimal digits); the tag is the last 16 bytes. */
export function aesSecretBox(masterKeyHex: string): SecretBox {
  const key = Buffer.from(masterKeyHex, 'hex');
  if (key.length !== 32) throw new AppError('config_invalid', 'FLEET_MASTER_KEY must be 64 hexadecimal digits.');
  return {
    seal(plain, context) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv(algorithm, key, nonce);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return { ciphertext: new Uint8Array(sealed), nonce: new Uint8Array(nonce), keyVersion };
    },
    open(sealed, context) {
      try {
        const at = sealed.ciphertext.length - tagBytes;
        const decipher = createDecipheriv(algorithm, key, sealed.nonce, { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(context));
        decipher.setAuthTag(sealed.ciphertext.subarray(at));
        const plain = Buffer.concat([decipher.update(sealed.ciphertext.subarray(0, at)), decipher.final()]);
        return plain.toString('utf8');
      } catch {
        throw new AppError(
          'unavailable',
          'A saved secret cannot be opened with this FLEET_MASTER_KEY. Put back the key it was saved under, or save it again.',
        );
      }
    },
  };
}
