import { globWithin } from '../scope/glob-within.ts';
import { isPathClass, pathClasses } from '../scope/path-classes.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import type { Rule } from './rule.ts';

/** What says nothing about what a rule matches. */
const unmatching = new Set(['id', 'then', 'who', 'why', 'on']);

/** The matchers of a rule. */
export const matchersOf = (rule: Rule) =>
  Object.entries(rule).filter(([key, value]) => !unmatching.has(key) && value !== undefined);

function globsOf(entry: string, as: 'wide' | 'narrow'): readonly string[] | null {
  if (entry === '@git') return null;
  if (!isPathClass(entry)) return entryGlobs(entry);
  const { globs, except }: { globs: readonly string[]; except?: readonly string[] } = pathClasses[entry];
  return as === 'wide' && except !== undefined ? null : globs;
}

function pathWithin(narrow: string, wide: string): boolean {
  if (narrow === wide) return true;
  const [own, other] = [globsOf(narrow, 'narrow'), globsOf(wide, 'wide')];
  if (own === null || other === null) return false;
  return own.every((glob) => other.some((each) => globWithin(glob, each)));
}

const isOption = (word: string) => word.startsWith('-') && word.length > 1;

/** `npm` covers `npm test`: a rule that is no permission matches whatever begins with its words. */
function runWithin(narrow: string, wide: string): boolean {
  if (narrow === wide) return true;
  if (narrow.includes('*') || wide.includes('*')) return false;
  const [own, other] = [narrow.split(' '), wide.split(' ')];
  const plain = own.filter((word) => !isOption(word));
  const wanted = other.filter((word) => !isOption(word));
  return (
    other.filter(isOption).every((option) => own.includes(option)) && wanted.every((word, at) => plain[at] === word)
  );
}

function hostWithin(narrow: string, wide: string): boolean {
  return narrow === wide || (wide.startsWith('*.') && narrow.endsWith(wide.slice(1)));
}

const withins: Record<string, (narrow: string, wide: string) => boolean> = {
  paths: pathWithin,
  run: runWithin,
  hosts: hostWithin,
};

function valueCovers(key: string, wide: unknown, narrow: unknown): boolean {
  if (key === 'except' || key === 'outside') return JSON.stringify(wide) === JSON.stringify(narrow);
  if (!Array.isArray(wide)) return JSON.stringify(wide) === JSON.stringify(narrow);
  if (!Array.isArray(narrow)) return false;
  // What the wide one leaves out the narrow one must leave out too.
  if (key === 'notMethods') return wide.every((each) => narrow.includes(each));
  const within = withins[key] ?? ((own: unknown, other: unknown) => own === other);
  return narrow.every((own) => wide.some((other) => within(own as string, other as string)));
}

/**
 * Whether all that `narrow` matches is matched by `wide`, a rule that is no permission. Yes is certain; where it is not seen,
 * the answer is no.
 */
export function covers(wide: Rule, narrow: Rule): boolean {
  if (wide.on !== narrow.on) return false;
  const has = new Map(matchersOf(narrow));
  // Of a hand-off either figure is enough, so that one more matches more.
  if (wide.on === 'handoff' && has.size > matchersOf(wide).length) return false;
  return matchersOf(wide).every(([key, value]) => valueCovers(key, value, has.get(key)));
}
