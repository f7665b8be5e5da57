import { expandGlob } from './glob.ts';

type Kind = { isStar: (part: string) => boolean; meet: (one: string, other: string) => boolean };

/** Whether anything is matched by both of two patterns of parts; a star of either stands for any number of parts. */
function patternsMeet(one: readonly string[], other: readonly string[], { isStar, meet }: Kind): boolean {
  // Row by row: `row[j]` says whether one[i..] and other[j..] meet.
  let row = new Array<boolean>(other.length + 1).fill(false);
  for (let i = one.length; i >= 0; i -= 1) {
    const next = row;
    row = new Array<boolean>(other.length + 1).fill(false);
    for (let j = other.length; j >= 0; j -= 1) {
      const [a, b] = [one[i], other[j]];
      const stars = (a !== undefined && isStar(a) && next[j]) || (b !== undefined && isStar(b) && row[j + 1]);
      row[j] = meets({ a, b, isStar, meet, stars: stars === true, rest: next, row, j });
    }
  }
  return row[0] === true;
}

type Step = Kind & {
  a: string | undefined;
  b: string | undefined;
  /** A star of either that stands for nothing more. */
  stars: boolean;
  rest: boolean[];
  row: boolean[];
  j: number;
};

function meets({ a, b, isStar, meet, stars, rest, row, j }: Step): boolean {
  if (a === undefined && b === undefined) return true;
  if (stars) return true;
  if (a === undefined || b === undefined) return false;
  if (isStar(a)) return row[j + 1] === true;
  if (isStar(b)) return rest[j] === true;
  return meet(a, b) && rest[j + 1] === true;
}

const chars: Kind = { isStar: (char) => char === '*', meet: (a, b) => a === '?' || b === '?' || a === b };
const segments: Kind = { isStar: (part) => part === '**', meet: (a, b) => patternsMeet([...a], [...b], chars) };

/** Whether some path is matched by both globs. A glob with too many alternatives overlaps with everything. */
export function globsOverlap(one: string, other: string): boolean {
  const [ones, others] = [expandGlob(one), expandGlob(other)];
  if (ones === null || others === null) return true;
  return ones.some((a) => others.some((b) => patternsMeet(a.split('/'), b.split('/'), segments)));
}
