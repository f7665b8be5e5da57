'use client';

import { useEffect, useRef, type RefObject } from 'react';

/** What was handed over in the last render, for what outlives a render: a listener, a timer, a subscription. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  });
  return latest;
}
