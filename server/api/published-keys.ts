import { toBase64 } from '../domain/audit/bytes.ts';
import { verifierKey } from '../domain/audit/checkpoint.ts';
import { nodeHashing } from '../domain/audit/node-hashing.ts';
import type { AuditKeys } from '../domain/ports/audit-keys.ts';

/** The public keys of the installation as docs/security/audit-log.md describes them. */
export async function publishedKeys(auditKeys: AuditKeys) {
  const keys = await auditKeys.published();
  return {
    keys: keys.map((key) => ({
      name: key.name,
      algorithm: 'Ed25519',
      publicKey: toBase64(key.publicKey),
      verifierKey: verifierKey(nodeHashing.sha256, key),
    })),
  };
}
