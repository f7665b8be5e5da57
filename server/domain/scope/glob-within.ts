import { expandGlob } from './glob.ts';

type Kind = { isStar: (part: string) => boolean; within: (narrow: string, wide: string) => boolean };

/**
 * Whether all that `narrow` matches is matched by `wide`, read part by part: a star of the wide one takes any parts of the
 * narrow one, its stars included. Yes is certain; a few that are within are not found to be.
 */
function partsWithin(narrow: readonly string[], wide: readonly string[], { isStar, within }: Kind): boolean {
  // Row by row: `row[j]` says whether narrow[i..] is within wide[j..].
  let next: boolean[] = [];
  for (let i = narrow.length; i >= 0; i -= 1) {
    const row = new Array<boolean>(wide.length + 1).fill(false);
    for (let j = wide.length; j >= 0; j -= 1) {
      const [own, other] = [narrow[i], wide[j]];
      if (other === undefined) row[j] = own === undefined;
      else if (isStar(other)) row[j] = row[j + 1] === true || (own !== undefined && next[j] === true);
      else row[j] = own !== undefined && !isStar(own) && within(own, other) && next[j + 1] === true;
    }
    next = row;
  }
  return next[0] === true;
}

const chars: Kind = { isStar: (char) => char === '*', within: (own, other) => other === '?' || own === other };
const segments: Kind = {
  isStar: (part) => part === '**',
  within: (own, other) => partsWithin([...own], [...other], chars),
};

/** Whether each path that matches `narrow` matches `wide`. Yes is certain, no may be wrong. */
export function globWithin(narrow: string, wide: string): boolean {
  const [owns, others] = [expandGlob(narrow), expandGlob(wide)];
  if (owns === null || others === null) return false;
  const split = others.map((each) => each.split('/'));
  return owns.every((own) => split.some((other) => partsWithin(own.split('/'), other, segments)));
}
