import { AppError } from '../../domain/errors.ts';

/** `arrived` resolves when the shell is up or will never be; `check` then throws in the second case. */
export type News = {
  hear(chunk: Buffer): void;
  arrived: Promise<void>;
  check(): Promise<void>;
  said(): Buffer;
  close(reason: string): void;
};

const mostSaid = 256 * 1024;

/** Standard error of what makes a world: its complaints, or the word that the program is up and what it says then. */
export function readNews(up: RegExp, advise: (words: string) => string): News {
  let text = '';
  let after: Buffer[] | null = null;
  let size = 0;
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  return {
    arrived,
    hear: (chunk) => {
      if (after === null) {
        text = (text + chunk.toString('latin1')).slice(-8192);
        const found = up.exec(text);
        if (!found) return;
        chunk = Buffer.from(text.slice(found.index + found[0].length), 'latin1');
        after = [];
        resolve();
      }
      size += chunk.length;
      if (size <= mostSaid) after.push(chunk);
    },
    said: () => (size <= mostSaid ? Buffer.concat(after ?? []) : Buffer.alloc(0)),
    check: async () => {
      await arrived;
      if (after !== null) return;
      const words = text.trim() || 'no reason was given.';
      throw new AppError('sandbox_unavailable', `The sandbox did not start: ${words}\n${advise(words)}`.trim());
    },
    close: (reason) => {
      if (after === null) text += reason;
      resolve();
    },
  };
}
