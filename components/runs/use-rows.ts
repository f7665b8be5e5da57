'use client';

import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  useVirtualizer,
  windowScroll,
  type Range,
  type Virtualizer,
} from '@tanstack/react-virtual';
import { useLayoutEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';

export type Rows = Virtualizer<Element, HTMLLIElement>;

const wideScreen = '(min-width: 64rem)';

function onWidth(listener: () => void): () => void {
  const query = window.matchMedia(wideScreen);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** On a wide screen the pane scrolls, on a phone the page. */
const throughPane = {
  observeElementRect: observeElementRect<Element>,
  observeElementOffset: observeElementOffset<Element>,
  scrollToFn: elementScroll<Element>,
};
const throughPage = {
  observeElementRect: observeWindowRect,
  observeElementOffset: observeWindowOffset,
  scrollToFn: windowScroll,
} as unknown as typeof throughPane;

type Options = {
  pane: RefObject<HTMLElement | null>;
  keys: readonly string[];
  /** All of them stand on the page: a short log can be searched with the browser's own means. */
  all: boolean;
};

/** The rows of a list of any length that are near what is seen; heights are measured as rows come into sight. */
export function useRows({ pane, keys, all }: Options): {
  rows: Rows;
  list: RefObject<HTMLOListElement | null>;
  top: number;
} {
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  const wide = useSyncExternalStore(
    onWidth,
    () => window.matchMedia(wideScreen).matches,
    () => true,
  );
  // What stands above the list grows and shrinks.
  useLayoutEffect(() => {
    const { current } = list;
    if (!current) return;
    const scrolled = wide ? (pane.current?.scrollTop ?? 0) : window.scrollY;
    const edge = wide ? (pane.current?.getBoundingClientRect().top ?? 0) : 0;
    const now = Math.round(current.getBoundingClientRect().top - edge + scrolled);
    setTop((before) => (Math.abs(before - now) > 1 ? now : before));
  });
  const rows = useVirtualizer<Element, HTMLLIElement>({
    ...(wide ? throughPane : throughPage),
    getScrollElement: () => (wide ? pane.current : (window as unknown as Element)),
    count: keys.length,
    estimateSize: () => 160,
    overscan: 3,
    scrollMargin: top,
    // On a phone the frame's bar lies over the page.
    scrollPaddingStart: wide ? 0 : 56,
    getItemKey: (index) => keys[index] ?? index,
    rangeExtractor: (range: Range) =>
      all ? Array.from({ length: range.count }, (_, index) => index) : defaultRangeExtractor(range),
  });
  return { rows, list, top };
}
