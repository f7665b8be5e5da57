import { z } from 'zod';
import { compileGlobs, globProblem } from './glob.ts';
import { classesOf, isInClass, pathClasses, type PathClassName } from './path-classes.ts';

/** Classes that no pattern guesses well: what else is auth, money and the public API of a repository, its people say. */
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

/** Patterns that a person added to each for one repo. Fleet’s own stay: a repo takes nothing out of a class. */
export const ownClasses = z.strictObject({ '@auth': patterns, '@money': patterns, '@public-api': patterns });
export type OwnClasses = z.infer<typeof ownClasses>;

export const noneAdded: OwnClasses = { '@auth': [], '@money': [], '@public-api': [] };

export const isOwnClass = (name: string): name is OwnClassName => (ownClassNames as readonly string[]).includes(name);

/** A list of patterns and classes with the repo's own beside those classes. */
export function withOwnEntries(entries: readonly string[], classes: OwnClasses): string[] {
  return entries.flatMap((entry) => (isOwnClass(entry) ? [entry, ...classes[entry]] : [entry]));
}

/** What was added to a class in `classes` and is not there in `others`, as `@auth: src/store/**`. */
export function addedBeyond(classes: OwnClasses, others: OwnClasses): string[] {
  return ownClassNames.flatMap((name) =>
    classes[name].filter((glob) => !others[name].includes(glob)).map((glob) => `${name}: ${glob}`),
  );
}

/** Which classes a path of a repo is in, by what its people have confirmed; null: nothing. Made once for many paths. */
export function classesIn(own: OwnClasses | null): (path: string) => PathClassName[] {
  if (own === null) return classesOf;
  const names = Object.keys(pathClasses) as PathClassName[];
  const tests = names.map((name): [PathClassName, (path: string) => boolean] => {
    const isAdded = compileGlobs(isOwnClass(name) ? own[name] : []);
    return [name, (path) => isInClass(name, path) || isAdded(path)];
  });
  return (path) => tests.flatMap(([name, matches]) => (matches(path) ? [name] : []));
}
