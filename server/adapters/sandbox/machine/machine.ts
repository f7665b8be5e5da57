/**
 * A root shell of a machine that one sandbox has to itself, over a terminal: bytes both ways. Whoever makes it sees to it that
 * the machine has no network and ends with it.
 */
export type Machine = {
  /** Bytes in their order; resolves when they are on their way. */
  send(bytes: Uint8Array): Promise<void>;
  hear(take: (bytes: Buffer) => void): void;
  /** Resolves when nothing can come any more. */
  ended: Promise<void>;
  close(): Promise<void>;
};
