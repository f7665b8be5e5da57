/** `keyVersion`: the number of the owner's data key; 1 for what was sealed under a master key itself, before there were any. */
export type Sealed = { ciphertext: Uint8Array<ArrayBuffer>; nonce: Uint8Array<ArrayBuffer>; keyVersion: number };

/** Encrypts what one owner entrusted to us. `context` (org, kind and id) is authenticated: what is moved elsewhere does not open. */
export type SecretBox = {
  seal(plain: string, context: string): Sealed;
  /** Throws AppError `unavailable` when the value was sealed for another owner or context, or tampered with. */
  open(sealed: Pick<Sealed, 'keyVersion'> & { ciphertext: Uint8Array; nonce: Uint8Array }, context: string): string;
};

export type SecretBoxes = {
  /** The box of an org, by its id, or of the installation. Throws AppError `unavailable` where our master keys open none of its keys. */
  of(owner: string): Promise<SecretBox>;
};

/** The owner of what belongs to no org. */
export const installationOwner = 'installation';
