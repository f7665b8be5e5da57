import { compileGlobs, globProblem } from '../scope/glob.ts';

/** Where a CODEOWNERS file may be, the first that is there counts. */
export const codeOwnersPlaces = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

type Line = { matches: (path: string) => boolean; owners: string[] };
const mostLines = 2_000;

/** A pattern of a CODEOWNERS file, which is one of .gitignore's without negation and ranges, as globs; null where it is none. */
function globsOf(pattern: string): string[] | null {
  if (/[![\]\\{}]/u.test(pattern)) return null;
  const anchored = pattern.replace(/\/$/u, '').includes('/');
  const bare = pattern.replace(/^\//u, '').replace(/\/$/u, '');
  if (bare === '' || bare === '*') return ['**'];
  const base = anchored ? bare : `**/${bare}`;
  const inside = pattern.endsWith('/*') ? [] : [`${base}/**`];
  const all = pattern.endsWith('/') ? inside : [base, ...inside];
  return all.every((glob) => globProblem(glob) === null) ? all : null;
}

/** Reads a CODEOWNERS file: who owns a path. The last line that matches counts; what cannot be read matches nothing. */
export function readCodeOwners(text: string): (path: string) => string[] {
  const lines = text
    .split('\n')
    .slice(0, mostLines)
    .map((line) => line.replace(/(?:^|\s)#.*$/u, '').trim())
    .filter((line) => line !== '' && !/^\^?\[/u.test(line))
    .flatMap((line): Line[] => {
      const [pattern = '', ...owners] = line.split(/\s+/u);
      const globs = globsOf(pattern);
      return globs === null ? [] : [{ matches: compileGlobs(globs), owners }];
    });
  return (path) => lines.findLast(({ matches }) => matches(path))?.owners ?? [];
}

/** A name in CODEOWNERS: an address, or a team by the last part of `@org/team`. Names of people at a host tell nobody. */
export function ownerKey(owner: string): { email: string } | { team: string } | null {
  if (/^[^@\s]+@[^@\s]+$/u.test(owner)) return { email: owner.toLowerCase() };
  const [, team] = /^@[^/\s]+\/(.+)$/u.exec(owner) ?? [];
  return team === undefined ? null : { team: team.toLowerCase() };
}
