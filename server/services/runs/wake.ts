/** A counter that waiters sleep on. Reading `version` before looking and waiting after it misses no bump. */
export type Wake = {
  readonly version: number;
  bump(): void;
  /** Resolves once `version` is not `seen` any more; rejects with the signal's reason when it aborts. */
  changedSince(seen: number, signal: AbortSignal): Promise<void>;
};

export function makeWake(): Wake {
  let version = 0;
  let waiters: (() => void)[] = [];
  return {
    get version() {
      return version;
    },
    bump() {
      version += 1;
      const woken = waiters;
      waiters = [];
      for (const waiter of woken) waiter();
    },
    async changedSince(seen, signal) {
      signal.throwIfAborted();
      if (version !== seen) return;
      await new Promise<void>((resolve, reject) => {
        const abort = () => {
          waiters = waiters.filter((waiter) => waiter !== wake);
          reject(signal.reason as Error);
        };
        const wake = () => {
          signal.removeEventListener('abort', abort);
          resolve();
        };
        signal.addEventListener('abort', abort, { once: true });
        waiters.push(wake);
      });
    },
  };
}
