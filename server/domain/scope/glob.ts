import { AppError } from '../errors.ts';

export type PathMatcher = (path: string) => boolean;

const longest = 300;
const mostWildcards = 8;
const mostAlternatives = 256;

/** Why a glob that a person typed cannot be used, or null. */
export function globProblem(glob: string): string | null {
  if (glob.trim() === '') return 'A path pattern is empty.';
  if (glob.length > longest) return `A path pattern is longer than ${longest} characters.`;
  if (glob.startsWith('/') || glob.split('/').includes('..')) {
    return `"${glob}" leaves the repository: write patterns relative to its root.`;
  }
  const wildcards = glob.match(/\*+|\?|\{/g)?.length ?? 0;
  if (wildcards > mostWildcards) return `"${glob}" has more than ${mostWildcards} wildcards.`;
  if (expandGlob(glob) === null) return `"${glob}" stands for more than ${mostAlternatives} patterns.`;
  return null;
}

/**
 * `*`, `**`, `?` and `{a,b}` are the whole language; brackets and parentheses are common folder names (`app/[org]`) and
 * stand for themselves, and dot files are matched like any other. What matching one path costs grows with its length and
 * the pattern's, never exponentially: whoever writes the pattern may not be who runs the worker. Throws `invalid_input` for
 * a glob with too many alternatives.
 */
export function compileGlobs(globs: readonly string[]): PathMatcher {
  const patterns = globs.flatMap((glob) => {
    const expanded = expandGlob(glob);
    if (expanded === null) {
      throw new AppError('invalid_input', `"${glob}" stands for more than ${mostAlternatives} patterns.`);
    }
    return expanded.map((one) => one.split('/').map(partOf));
  });
  return (path) => {
    const segments = path.split('/').map(segmentOf);
    return patterns.some((pattern) => matchesSegments(pattern, segments));
  };
}

/** The glob without its braces, as all that they stand for; null when that is too much. A brace without a comma is text. */
export function expandGlob(glob: string): string[] | null {
  let open = [''];
  for (let at = 0; at < glob.length;) {
    const group = glob[at] === '{' ? alternativesAt(glob, at) : null;
    const choices = group ? group.parts.map(expandGlob) : [[glob[at] ?? '']];
    const flat: string[] = [];
    for (const choice of choices) {
      if (choice === null) return null;
      flat.push(...choice);
    }
    if (open.length * flat.length > mostAlternatives) return null;
    open = open.flatMap((before) => flat.map((after) => before + after));
    at = group ? group.end : at + 1;
  }
  return open;
}

/** What the brace at `from` offers, split at its own commas, and where the text after it begins. */
function alternativesAt(glob: string, from: number): { parts: string[]; end: number } | null {
  const parts: string[] = [];
  let depth = 0;
  let begin = from + 1;
  for (let at = from; at < glob.length; at += 1) {
    const char = glob[at];
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    const closed = depth === 0;
    if (closed || (char === ',' && depth === 1)) {
      parts.push(glob.slice(begin, at));
      begin = at + 1;
    }
    if (closed) return parts.length > 1 ? { parts, end: begin } : null;
  }
  return null;
}

/** Between two slashes of a pattern; without a wildcard it has no characters, as the text decides. */
type Part = { text: string; chars: readonly string[] | null };
/** Between two slashes of a path; its characters are told apart once, and only where a wildcard asks. */
type Segment = { text: string; chars?: readonly string[] };

const partOf = (text: string): Part => ({ text, chars: /[*?]/u.test(text) ? [...text] : null });
const segmentOf = (text: string): Segment => ({ text });

/** `**` stands for any number of segments, none included. */
const betweenSlashes: Kind<Part, Segment> = {
  isStar: ({ text }) => text === '**',
  same: (part, segment) =>
    part.chars === null
      ? part.text === segment.text
      : matchesGreedily(part.chars, (segment.chars ??= [...segment.text]), betweenChars),
};

const betweenChars: Kind<string, string> = {
  isStar: (char) => char === '*',
  same: (char, one) => char === '?' || char === one,
};

function matchesSegments(pattern: readonly Part[], segments: readonly Segment[]): boolean {
  return matchesGreedily(pattern, segments, betweenSlashes);
}

type Kind<P, T> = { isStar: (part: P) => boolean; same: (part: P, one: T) => boolean };

/** Only the last star is ever tried anew, which is enough: whatever an earlier one could take, the later one can. */
function matchesGreedily<P, T>(pattern: readonly P[], text: readonly T[], { isStar, same }: Kind<P, T>): boolean {
  let at = 0;
  let star = -1;
  let retry = 0;
  for (let here = 0; here < text.length;) {
    const part = pattern[at];
    if (part !== undefined && isStar(part)) {
      star = at;
      retry = here;
      at += 1;
    } else if (part !== undefined && same(part, text[here]!)) {
      at += 1;
      here += 1;
    } else if (star >= 0) {
      retry += 1;
      here = retry;
      at = star + 1;
    } else {
      return false;
    }
  }
  return pattern.slice(at).every(isStar);
}
