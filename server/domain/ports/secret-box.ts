type SealedSecret = { ciphertext: Uint8Array; nonce: Uint8Array; keyVersion: number };

/** Encrypts what is stored. `context` (org and name) is authenticated: a sealed value moved elsewhere does not open. */
export type SecretBox = {
  seal(plain: string, context: string): SealedSecret;
  /** Throws AppError `unavailable` when the value was sealed under another master key or tampered with. */
  open(sealed: SealedSecret, context: string): string;
};
