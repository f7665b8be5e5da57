/** SHA-256 over the parts, one after the other. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array;

/** What a verifier needs of cryptography: the one of Node in processes, one in plain code in browsers. */
export type Hashing = {
  sha256: Sha256;
  /** Whether it is an Ed25519 signature (64 bytes) over the message under the public key (32 bytes). Never throws. */
  signedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
};
