import { AppError } from '../../domain/errors.ts';
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

/** Where shells are born: none is that somebody would not know to end. */
function birthplace(make: () => Promise<Shell>) {
  const live = new Set<Shell>();
  /** Those that are being made, for whomever. */
  const starting = new Set<Promise<Shell>>();
  let closed = false;

  const making = async () => {
    const shell = await make();
    live.add(shell);
    void shell.ended.then(() => live.delete(shell));
    return shell;
  };
  return {
    isClosed: () => closed,
    start: async () => {
      if (closed) throw new AppError('sandbox_unavailable', 'This sandbox has been closed.');
      const shell = making();
      starting.add(shell);
      return shell.finally(() => starting.delete(shell));
    },
    close: async () => {
      closed = true;
      // Also those that somebody waits for who took them, or asked for a new one: nothing is born behind this.
      await Promise.allSettled([...starting]);
      const ending = [...live];
      for (const shell of ending) shell.stop('killed');
      await Promise.all(ending.map((shell) => shell.ended));
    },
  };
}

export function spareShells(make: () => Promise<Shell>): SpareShells {
  const { start, close, isClosed } = birthplace(make);
  const waiting: Spare[] = [];
  let wanted = 1;

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
      while (!isClosed() && waiting.length < wanted) waiting.push(startSpare());
    },
    putBack: (shell) => {
      waiting.unshift({ shell: Promise.resolve(shell), isUp: true });
    },
    close,
  };
}
