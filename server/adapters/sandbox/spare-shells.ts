import type { Shell } from './shell.ts';

/** Shells of one sandbox: those that run, and one or two that wait so that the next command need not wait for its own. */
export type SpareShells = {
  take(): Promise<Shell>;
  /** One that shares nothing with what was prepared before. */
  fresh(): Promise<Shell>;
  prepare(): void;
  /** One that was taken and not used. */
  putBack(shell: Shell): void;
  close(): Promise<void>;
};

type Spare = { shell: Promise<Shell>; isUp: boolean };

/** Where commands come on each other's heels, one is made on each of two processors meanwhile. */
const mostSpares = 2;

export function spareShells(make: () => Promise<Shell>): SpareShells {
  const live = new Set<Shell>();
  const waiting: Spare[] = [];
  let wanted = 1;
  let closed = false;

  const start = async () => {
    const shell = await make();
    live.add(shell);
    void shell.ended.then(() => live.delete(shell));
    return shell;
  };
  const startSpare = (): Spare => {
    const spare: Spare = { shell: start(), isUp: false };
    // A failure shows when the shell is wanted.
    spare.shell
      .then(async (shell) => shell.ready())
      .then(
        () => (spare.isUp = true),
        () => undefined,
      );
    return spare;
  };
  return {
    take: async () => {
      const spare = waiting.shift();
      if (spare && !spare.isUp) wanted = mostSpares;
      const shell = await spare?.shell.catch(() => null);
      return shell?.alive() ? shell : start();
    },
    fresh: async () => {
      for (const { shell } of waiting.splice(0)) {
        void shell.then(
          (old) => old.stop('killed'),
          () => undefined,
        );
      }
      return start();
    },
    prepare: () => {
      while (!closed && waiting.length < wanted) waiting.push(startSpare());
    },
    putBack: (shell) => {
      waiting.unshift({ shell: Promise.resolve(shell), isUp: true });
    },
    close: async () => {
      closed = true;
      await Promise.allSettled(waiting.map(({ shell }) => shell));
      const ending = [...live];
      for (const shell of ending) shell.stop('killed');
      await Promise.all(ending.map((shell) => shell.ended));
    },
  };
}
