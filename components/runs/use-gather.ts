'use client';

import { useCallback, useRef } from 'react';
import { useLatest } from '../ui/use-latest.ts';

const gatherMs = 80;

/** Hands over what came within a moment at once, so that a burst of events is not as many renders. */
export function useGather<T>(deliver: (items: T[]) => void): (item: T) => void {
  const latest = useLatest(deliver);
  const held = useRef<{ items: T[]; timer: ReturnType<typeof setTimeout> | undefined }>({
    items: [],
    timer: undefined,
  });
  return useCallback(
    (item: T) => {
      const { current } = held;
      current.items.push(item);
      current.timer ??= setTimeout(() => {
        const items = current.items.splice(0);
        current.timer = undefined;
        latest.current(items);
      }, gatherMs);
    },
    [latest],
  );
}
