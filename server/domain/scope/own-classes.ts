import { z } from 'zod';
import { compileGlobs, globProblem } from './glob.ts';
import { classesOf, isInClass, pathClasses, type PathClassName } from './path-classes.ts';

/** Classes that no pattern guesses well: what is auth, money and the public API of a repository, its people say. */
export const ownClassNames = ['@auth', '@money', '@public-api'] as const satisfies PathClassName[];
export type OwnClassName = (typeof ownClassNames)[number];

const patterns = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(300)
      .superRefine((glob, context) => {
        const problem = globProblem(glob);
        if (problem !== null) context.addIssue({ code: 'custom', message: problem });
      }),
  )
  .max(50);

/** Patterns of each, as a person confirmed them for one repo; none: the repo has no such files. */
export const ownClasses = z.strictObject({ '@auth': patterns, '@money': patterns, '@public-api': patterns });
export type OwnClasses = z.infer<typeof ownClasses>;

/** What holds until somebody has confirmed others. */
export const usualClasses: OwnClasses = {
  '@auth': [...pathClasses['@auth'].globs],
  '@money': [...pathClasses['@money'].globs],
  '@public-api': [...pathClasses['@public-api'].globs],
};

export const isOwnClass = (name: string): name is OwnClassName => (ownClassNames as readonly string[]).includes(name);

/** A list of patterns and classes with the repo's own in place of those classes. */
export function withOwnEntries(entries: readonly string[], classes: OwnClasses): string[] {
  return entries.flatMap((entry) => (isOwnClass(entry) ? classes[entry] : [entry]));
}

/** Which classes a path of a repo is in, by what its people have confirmed; null: nothing. Made once for many paths. */
export function classesIn(own: OwnClasses | null): (path: string) => PathClassName[] {
  if (own === null) return classesOf;
  const names = Object.keys(pathClasses) as PathClassName[];
  const tests = names.map((name): [PathClassName, (path: string) => boolean] => {
    return [name, isOwnClass(name) ? compileGlobs(own[name]) : (path) => isInClass(name, path)];
  });
  return (path) => tests.flatMap(([name, matches]) => (matches(path) ? [name] : []));
}
