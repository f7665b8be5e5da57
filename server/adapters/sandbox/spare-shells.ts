import type { Shell } from './shell.ts';

/** Shells of one sandbox: those that run, and one that waits so that the next command need not wait for it. */
export type SpareShells = {
  take(): Promise<Shell>;
  /** One that shares nothing with what was prepared before. */
  fresh(): Promise<Shell>;
  prepare(): void;
  /** One that was taken and not used. */
  putBack(shell: Shell): void;
  close(): Promise<void>;
};

export function spareShells(make: () => Promise<Shell>): SpareShells {
  const live = new Set<Shell>();
  let waiting: Promise<Shell> | null = null;
  let closed = false;

  const start = async () => {
    const shell = await make();
    live.add(shell);
    void shell.ended.then(() => live.delete(shell));
    return shell;
  };
  const taken = () => {
    const mine = waiting;
    waiting = null;
    return mine?.catch(() => null) ?? Promise.resolve(null);
  };
  return {
    take: async () => {
      const spare = await taken();
      return spare?.alive() ? spare : start();
    },
    fresh: async () => {
      void taken().then((spare) => spare?.stop('killed'));
      return start();
    },
    prepare: () => {
      if (closed || waiting) return;
      waiting = start();
      // A failure shows when the shell is wanted.
      waiting.catch(() => undefined);
    },
    putBack: (shell) => {
      waiting = Promise.resolve(shell);
    },
    close: async () => {
      closed = true;
      await waiting?.catch(() => undefined);
      const ending = [...live];
      for (const shell of ending) shell.stop('killed');
      await Promise.all(ending.map((shell) => shell.ended));
    },
  };
}
