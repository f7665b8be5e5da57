import type { Ref } from 'react';

/** Where a line stands in the list, and whether it is the one that was gone to. */
export type Place = { index: number; of: number; current: boolean; measure: Ref<HTMLLIElement> };

/** What tells a line of the transcript its place, for the eye, for measuring and for who does not see. */
export function placeProps(seq: number, { index, of, current, measure }: Place) {
  return {
    ...{
      ref: measure,
      tabIndex: -1,
      'data-index': index,
      'data-seq': seq,
      'aria-posinset': index + 1,
      'aria-setsize': of,
    },
    ...(current ? { 'aria-current': 'true' as const } : {}),
  };
}
