import type { AuditPublicKey } from '../audit/checkpoint.ts';

export type AuditSigner = AuditPublicKey & {
  /** Ed25519 over the UTF-8 bytes of the text, 64 bytes. */
  sign(text: string): Uint8Array;
};

/** The installation's keys for heads of audit logs. */
export type AuditKeys = {
  /** The one that signs; made on first use. */
  signer(): Promise<AuditSigner>;
  /** All that ever signed, the first one first. */
  published(): Promise<AuditPublicKey[]>;
};
