import { compileGlobs, globProblem } from './glob.ts';
import { globsOverlap } from './overlap.ts';
import { entryGlobs } from './write-scope.ts';
import { entersGit, workPath } from './work-path.ts';

/** Paths of a repository that one pipeline run has reserved. `until` is when the reservation lapses, in ISO 8601. */
export type HeldPaths = { globs: string[]; by: string; until: string };

/** How long a reservation lasts; whoever claims the same paths again keeps them so much longer. */
export const claimTtlMs = 4 * 60 * 60 * 1_000;
/** How many patterns one pipeline run may hold at a time. */
export const mostClaims = 40;

/** Why these entries cannot be reserved, or null. Nobody takes a whole repository away from all others. */
export function claimProblem(entries: readonly string[]): string | null {
  for (const entry of entries) {
    const problem = globProblem(entry);
    if (problem !== null) return problem;
    const path = workPath(entry);
    if (path === null || path === '' || entersGit(path)) return `"${entry}" is no path that can be worked on.`;
    if (/^[*?{]/.test(path)) return `"${entry}" reaches over the whole repository: name the folders or files you edit.`;
  }
  return null;
}

/** A plain path means the file of that name and all below the folder. */
export function claimGlobs(entries: readonly string[]): string[] {
  return [...new Set(entries.map((entry) => workPath(entry) ?? entry).flatMap(entryGlobs))];
}

/** Of what others hold, all that meets these globs. */
export function heldByOthers(globs: readonly string[], held: readonly HeldPaths[]): HeldPaths[] {
  return held.flatMap(({ globs: theirs, ...rest }) => {
    const met = theirs.filter((their) => globs.some((own) => globsOverlap(own, their)));
    return met.length > 0 ? [{ globs: met, ...rest }] : [];
  });
}

/** Who holds a path, where another does. */
export function holderOf(path: string, held: readonly HeldPaths[]): HeldPaths | null {
  return held.find(({ globs }) => compileGlobs(globs)(path)) ?? null;
}

/** "2026-11-24 14:00 UTC". */
export const untilInWords = (until: string) => `${until.slice(0, 10)} ${until.slice(11, 16)} UTC`;
