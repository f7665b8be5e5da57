/** Large outputs kept whole. Addressed by content: putting the same bytes twice returns the same id. */
export type Blobs = {
  put(bytes: Uint8Array): Promise<{ id: string; sha256: string; size: number }>;
  get(id: string): Promise<Uint8Array>;
};
