import type { Redirection } from 'unbash';
import type { CommandWord } from '../deed.ts';
import { whyCodeHides } from './inline-code.ts';
import { interpreters, shells } from './programs.ts';
import type { Unwrapped } from './unwrap.ts';
import { baseName, literalOf } from './words.ts';

/** How a command's input comes to it: from a download, from anything else, or as a text that can be read. */
export type Input = { from: 'download' | 'other' } | { text: string } | null;

export const isShell = (program: CommandWord | undefined) =>
  typeof program === 'string' && (shells.has(baseName(program)) || program === '.' || program === 'source');

/** A name in PATH, or a program where installations and package managers put them. */
export const isInstalled = (program: string) =>
  !program.includes('/') ||
  /^(?:\/usr(?:\/local)?)?\/s?bin\/[^/]+$/u.test(program) ||
  /(?:^|\/)node_modules\/\.bin\/[^/]+$/u.test(program) ||
  program === './gradlew';

/** Why the input of an interpreter says nothing that can be read, or null. */
export function whyInputHides(name: string, { readsInput }: Unwrapped, input: Input): string | null {
  if (!readsInput || input === null) return null;
  if (!('text' in input)) return 'it runs its input';
  return Object.hasOwn(interpreters, name) ? whyCodeHides(name, input.text) : null;
}

/** Whether a download flows into a program that runs its input. */
export function isFedByDownload(name: string, { readsInput, hidden }: Unwrapped, input: Input): boolean {
  const flows = input !== null && 'from' in input && input.from === 'download';
  return flows && (readsInput || (name === 'xargs' && hidden !== null));
}

/** Whether a program runs what its words come to. */
export function runsItsWords(program: CommandWord, { readsInput, scripts, file }: Unwrapped): boolean {
  if (program === null || readsInput || scripts.length > 0 || file !== undefined) return true;
  return shells.has(baseName(program)) || program === 'xargs';
}

/** What the redirections of a command give it to read; a later one takes the place of an earlier. */
export function inputOf(redirections: readonly Redirection[]): Input {
  let input: Input = null;
  for (const each of redirections) {
    if (each.type === 'HereDoc') {
      const fixed = each.delimiter?.quoted || (each.body.parts ?? []).every(({ type }) => type === 'Literal');
      input = fixed ? { text: each.body.text } : { from: 'other' };
    } else if (each.type === 'HereString') {
      const text = each.target ? literalOf(each.target) : null;
      input = text === null ? { from: 'other' } : { text };
    } else if (each.operator === '<' && literalOf(each.target!) !== '/dev/null') input = { from: 'other' };
  }
  return input;
}
