/** The key of an owner as it is stored: sealed (wrapped) under the master key of that id. */
export type WrappedKey = {
  owner: string;
  number: number;
  wrapped: Uint8Array<ArrayBuffer>;
  nonce: Uint8Array<ArrayBuffer>;
  masterKeyId: string;
};

/** Where data keys are kept, and which master keys they may hang on. */
export type DataKeyStore = {
  of(owner: string): Promise<WrappedKey[]>;
  /** False where its number is taken, or where its master key is known no more. */
  add(key: WrappedKey): Promise<boolean>;
  under(masterKeyId: string): Promise<WrappedKey[]>;
  /** Puts `key` in the place of the same key under another master key, unless somebody did. */
  rewrap(key: WrappedKey, from: string): Promise<void>;
  masterKeyIds(): Promise<string[]>;
  addMasterKey(id: string): Promise<void>;
  /** False, and nothing is changed, while a data key hangs on it. */
  forgetMasterKey(id: string): Promise<boolean>;
};
