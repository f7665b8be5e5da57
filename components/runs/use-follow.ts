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

type Follow = {
  pane: RefObject<HTMLDivElement | null>;
  unseen: number;
  toEnd: () => void;
};
type Followed = {
  /** The number of the last event. */
  last: number;
  live: boolean;
  /** Whether what is shown reaches to the last event. */
  atEnd: boolean;
  /** The height of what is shown. */
  size: number;
  /** Is made true while the end is in sight and stays there. */
  following: RefObject<boolean>;
};

/**
 * Keeps the end in sight while a person is there, and leaves the page alone once they scroll away: then `unseen` counts
 * what came since, and `toEnd` goes there. `from` says whether the page begins at the end.
 */
export function useFollow({ last, live, atEnd, size, following }: Followed, from: 'end' | 'elsewhere' | null): Follow {
  const pane = useRef<HTMLDivElement>(null);
  const reaches = useRef(atEnd);
  const [seen, setSeen] = useState(last);
  const [away, setAway] = useState(false);

  const toEnd = useCallback(() => {
    const element = pane.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    scroller.scrollTo({ top: scroller.scrollHeight });
    following.current = true;
    setAway(false);
  }, []);

  useLayoutEffect(() => {
    reaches.current = atEnd;
  }, [atEnd]);

  useEffect(() => {
    following.current = from === 'end';
  }, [from]);

  useEffect(() => {
    const element = pane.current;
    if (!element) return;
    const onScroll = () => {
      const near = reaches.current && isNearEnd(scrollerOf(element));
      following.current = near;
      setAway(!near);
    };
    const targets = [element, window];
    for (const target of targets) target.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      for (const target of targets) target.removeEventListener('scroll', onScroll);
    };
  }, [live]);

  useLayoutEffect(() => {
    if (!following.current) return;
    if (live) toEnd();
    setSeen(last);
  }, [last, live, size, toEnd]);

  return { pane, unseen: away && live ? Math.max(0, last - seen) : 0, toEnd };
}
