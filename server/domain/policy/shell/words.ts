import type { ArrayValue, Word, WordPart } from 'unbash';
import type { CommandWord } from '../deed.ts';

const fixed = new Set<WordPart['type']>(['Literal', 'SingleQuoted', 'AnsiCQuoted']);

function isFixed(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') return part.parts.every(isFixed);
  return fixed.has(part.type);
}

/** A word as the shell will pass it on, or null where an expansion, a glob or a brace decides that. */
export function literalOf({ parts, value }: Word): CommandWord {
  return parts === undefined || parts.every(isFixed) ? value : null;
}

/** The pattern of a word that only globs make unknown; null for any other. */
export function globOf({ parts = [], value }: Word): string | null {
  const globbed = parts.some(({ type }) => type === 'Glob');
  return globbed && parts.every((part) => isFixed(part) || part.type === 'Glob') ? value : null;
}

/** What an assignment gives; null where only running it would tell. */
export function valueOf(value: Word | ArrayValue): CommandWord {
  return value.type === 'Word' ? literalOf(value) : null;
}

/** The last component of a path: what a program is called wherever it lies. */
export const baseName = (path: string) => path.slice(path.lastIndexOf('/') + 1);
