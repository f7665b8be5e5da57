import picomatch from 'picomatch';

export type PathMatcher = (path: string) => boolean;

const longest = 300;
const mostWildcards = 8;

/** Why a glob that a person typed cannot be used, or null. Bounds what matching one path can cost. */
export function globProblem(glob: string): string | null {
  if (glob.trim() === '') return 'A path pattern is empty.';
  if (glob.length > longest) return `A path pattern is longer than ${longest} characters.`;
  if (glob.startsWith('/') || glob.split('/').includes('..')) {
    return `"${glob}" leaves the repository: write patterns relative to its root.`;
  }
  const wildcards = glob.match(/\*+|\?|\{/g)?.length ?? 0;
  if (wildcards > mostWildcards) return `"${glob}" has more than ${mostWildcards} wildcards.`;
  return null;
}

/** Brackets and parentheses are common folder names (`app/[org]`), so they stand for themselves. */
const literal = (glob: string) => glob.replace(/[[\]()]/g, '\\$&');

/** `*`, `**`, `?` and `{a,b}` are the whole language; dot files are matched like any other. */
export function compileGlobs(globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  return picomatch(globs.map(literal), { dot: true, nonegate: true, noextglob: true, nobracket: true });
}
