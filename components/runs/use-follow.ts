'use client';

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

const nearPx = 80;

/** The element that scrolls: the pane itself on a wide screen, the page on a phone. */
function scrollerOf(pane: HTMLElement): Element {
  const own = /auto|scroll/.test(getComputedStyle(pane).overflowY);
  return own ? pane : (document.scrollingElement ?? pane);
}

function isNearEnd(scroller: Element): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < nearPx;
}

type Follow = { pane: RefObject<HTMLDivElement | null>; unseen: number; toEnd: () => void };

/**
 * Keeps the end in sight while a person is there, and leaves the page alone once they scroll away: then `unseen` counts
 * what came since, and `toEnd` goes there.
 */
export function useFollow(length: number, live: boolean): Follow {
  const pane = useRef<HTMLDivElement>(null);
  const following = useRef(live);
  const [seen, setSeen] = useState(length);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const element = pane.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    scroller.scrollTo({ top: scroller.scrollHeight });
    following.current = true;
    setAway(false);
  }, []);

  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const onScroll = () => {
      const near = isNearEnd(scrollerOf(element));
      following.current = near;
      setAway(!near);
    };
    const targets = [element, window];
    for (const target of targets) target.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      for (const target of targets) target.removeEventListener('scroll', onScroll);
    };
  }, []);

  useLayoutEffect(() => {
    if (!following.current) return;
    if (live) toEnd();
    setSeen(length);
  }, [length, live, toEnd]);

  return { pane, unseen: away && live ? Math.max(0, length - seen) : 0, toEnd };
}
