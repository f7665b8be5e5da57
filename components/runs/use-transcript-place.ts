'use client';

import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { useLatest } from '../ui/use-latest.ts';
import { firstOf, itemAt, lastOf, type RunLog } from './run-log.ts';
import type { Rows } from './use-rows.ts';
import type { HeldLog } from './use-run-log.ts';

/**
 * What is seen stays where it is when older events are put above it or taken away there. Not `resting`: what was gone to is
 * brought into sight anew instead.
 */
export function useKeptPlace(rows: Rows, keys: readonly string[], resting: boolean): void {
  const before = useRef<{ first: string | undefined; key: string; under: number } | null>(null);
  useLayoutEffect(() => {
    const { current } = before;
    if (resting && current && current.first !== keys[0]) {
      const index = keys.indexOf(current.key);
      const start = index < 0 ? undefined : rows.measurementsCache[index]?.start;
      if (start !== undefined) rows.scrollToOffset(start + current.under);
    }
  }, [keys, rows, resting]);
  useLayoutEffect(() => {
    const offset = rows.scrollOffset ?? 0;
    const seen = rows.getVirtualItems().find(({ end }) => end > offset);
    const key = seen && keys[seen.index];
    before.current = seen && key !== undefined ? { first: keys[0], key, under: offset - seen.start } : null;
  });
}

/** Reads on before the end of what is held is reached, in either direction. */
export function useReach(held: HeldLog, { first, last, count }: { first: number; last: number; count: number }): void {
  const { older, newer } = held;
  useEffect(() => {
    if (count > 0 && first < near) older();
  }, [first, count, older]);
  useEffect(() => {
    if (count > 0 && last >= count - near) newer();
  }, [last, count, newer]);
}

type Target = { target: { seq: number; times: number } | null; log: RunLog };

/** Brings an event that was gone to into sight, once it is held, and again when others are put above it. */
export function useTarget(rows: Rows, { target, log }: Target): void {
  const isHeld = target !== null && target.seq >= firstOf(log) && target.seq <= lastOf(log);
  const index = isHeld ? itemAt(log.shown, target.seq) : -1;
  useLayoutEffect(() => {
    if (target !== null && index >= 0) rows.scrollToIndex(index, { align: 'start' });
  }, [rows, target, index]);
}

/** Tells of scrolling that a person did, and of none that the page did itself. */
export function useScrolled(pane: RefObject<HTMLElement | null>, tell: () => void): void {
  const latest = useLatest(tell);
  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    let byPerson = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const acted = () => {
      byPerson = performance.now();
    };
    const onScroll = () => {
      if (performance.now() - byPerson > personMs) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        latest.current();
      }, quietMs);
    };
    const acts = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
    for (const act of acts) element.addEventListener(act, acted, { passive: true });
    for (const scroller of [element, window]) scroller.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      for (const act of acts) element.removeEventListener(act, acted);
      for (const scroller of [element, window]) scroller.removeEventListener('scroll', onScroll);
    };
  }, [pane, latest]);
}

/** How many lines before the end of what is held more is read, beside those that are drawn ahead. */
const near = 2;
const personMs = 1_000;
const quietMs = 100;
