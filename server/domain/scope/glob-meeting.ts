import { expandGlob } from './glob.ts';

/** What a star stands for in a path that is made up. */
const filler = 'x';

type Kind = {
  isStar: (part: string) => boolean;
  /** What both parts match; null where nothing does. */
  meet: (one: string, other: string) => string | null;
  /** Something that the part matches by itself. */
  alone: (part: string) => string;
};

/** Parts that both patterns match, or null. What one has while a star of the other takes it is filled in. */
function meeting(one: readonly string[], other: readonly string[], kind: Kind): string[] | null {
  const { isStar, meet, alone } = kind;
  const width = other.length + 1;
  const failed = new Set<number>();
  const after = (parts: string[], rest: string[] | null) => rest && [...parts, ...rest];

  /** The star at the front of one pattern stands for nothing more, or also for the next part of the other. */
  function starred(at: { i: number; j: number }, of: 'one' | 'other'): string[] | null {
    const { i, j } = at;
    const [ends, next] = of === 'one' ? [{ i: i + 1, j }, other[j]] : [{ i, j: j + 1 }, one[i]];
    const ended = from(ends.i, ends.j);
    if (ended !== null || next === undefined) return ended;
    const goesOn = of === 'one' ? { i, j: j + 1 } : { i: i + 1, j };
    return after(isStar(next) ? [] : [alone(next)], from(goesOn.i, goesOn.j));
  }

  function plain(i: number, j: number): string[] | null {
    const [a, b] = [one[i], other[j]];
    if (a === undefined || b === undefined) return null;
    const both = meet(a, b);
    return both === null ? null : after([both], from(i + 1, j + 1));
  }

  function from(i: number, j: number): string[] | null {
    if (i === one.length && j === other.length) return [];
    if (failed.has(i * width + j)) return null;
    const stars = [i < one.length && isStar(one[i]!), j < other.length && isStar(other[j]!)];
    const found =
      (stars[0] ? starred({ i, j }, 'one') : null) ??
      (stars[1] ? starred({ i, j }, 'other') : null) ??
      (stars.includes(true) ? null : plain(i, j));
    if (found === null) failed.add(i * width + j);
    return found;
  }

  return from(0, 0);
}

const chars: Kind = {
  isStar: (char) => char === '*',
  meet: (a, b) => (a === '?' ? (b === '?' ? filler : b) : b === '?' || a === b ? a : null),
  alone: (char) => (char === '?' ? filler : char),
};

const word = (parts: readonly string[] | null) => parts && (parts.join('') || filler);
const segments: Kind = {
  isStar: (part) => part === '**',
  meet: (a, b) => word(meeting([...a], [...b], chars)),
  alone: (part) => part.replaceAll('*', filler).replaceAll('?', filler),
};

/** A path that both globs match, made up; null where none was found. */
export function globMeeting(one: string, other: string): string | null {
  for (const a of expandGlob(one) ?? []) {
    for (const b of expandGlob(other) ?? []) {
      const found = meeting(a.split('/'), b.split('/'), segments);
      // `**` of both may stand for nothing.
      if (found !== null) return found.join('/') || filler;
    }
  }
  return null;
}
