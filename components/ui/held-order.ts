'use client';

import { useState, type PointerEvent } from 'react';

/** Where each thing stands now: its place (a column, or the only list) and the order within. */
export type Layout = Record<string, string[]>;

/** How many things would appear, leave or move if `next` replaced `held`. */
export function countMoves(held: Layout, next: Layout): number {
  const before = places(held);
  const after = places(next);
  const ids = new Set([...before.keys(), ...after.keys()]);
  return [...ids].filter((id) => before.get(id) !== after.get(id)).length;
}

function places(layout: Layout): Map<string, string> {
  return new Map(Object.entries(layout).flatMap(([place, ids]) => ids.map((id) => [id, place] as const)));
}

type Held = {
  layout: Layout;
  moves: number;
  apply: () => void;
  hover: { onPointerEnter: (event: PointerEvent) => void; onPointerLeave: (event: PointerEvent) => void };
};

/**
 * Holds the layout still while a mouse is over it, so that nothing moves away from under the pointer; `moves` says how
 * much is queued and `apply` lets it in. Spread `hover` on the region.
 */
export function useHeldLayout(next: Layout): Held {
  const [over, setOver] = useState(false);
  const [held, setHeld] = useState(next);
  const moves = over ? countMoves(held, next) : 0;
  return {
    layout: over ? held : next,
    moves,
    apply: () => setHeld(next),
    hover: {
      onPointerEnter: (event) => {
        if (event.pointerType !== 'mouse') return;
        setHeld(next);
        setOver(true);
      },
      onPointerLeave: (event) => {
        if (event.pointerType === 'mouse') setOver(false);
      },
    },
  };
}
