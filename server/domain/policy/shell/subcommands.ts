import type { CommandWord } from '../deed.ts';
import { baseName } from './words.ts';

/** What a program is called however it is run: `npm-cli.js`, `./gradlew`, `twine.exe`. */
const programOf = (word: CommandWord) => baseName(word ?? '').replace(/(?:-cli)?\.(?:[cm]?js|exe|cmd|py)$/u, '');

const runsFiles = /^(?:node|bun|python)[\d.]*$/u;
const isFile = (word: CommandWord) => word !== null && /\.(?:[cm]?js|py)$|\/bin\//u.test(word);

/** A program and its arguments, with an interpreter in front taken away: `python -m pip install`, `node …/npm-cli.js`. */
export function plainly(words: readonly CommandWord[]): { name: string; args: readonly CommandWord[] } {
  const [program, ...args] = words;
  const name = programOf(program ?? null);
  const at = runsFiles.test(name) ? args.findIndex((word) => word === '-m' || isFile(word)) : -1;
  if (at < 0) return { name, args };
  const file = args[at] === '-m' ? at + 1 : at;
  return { name: programOf(args[file] ?? null), args: args.slice(file + 1) };
}

export const isOption = (word: CommandWord): boolean => word?.startsWith('-') ?? false;

/**
 * Where the command of a program can begin in its arguments. What stands right behind an option may be its value: then the
 * command may be the next word just as well.
 */
export function commandsAt(args: readonly CommandWord[]): number[] {
  const found: number[] = [];
  for (const [at, word] of args.entries()) {
    // `cargo +nightly publish` names a tool chain first.
    if (isOption(word) || word?.startsWith('+')) continue;
    found.push(at);
    const before = args[at - 1];
    if (before === undefined || !isOption(before) || before?.includes('=')) break;
  }
  return found;
}
