'use client';

import { useEffect } from 'react';
import { useLatest } from '../ui/use-latest.ts';
import { useVisible } from '../ui/use-visible.ts';
import { reportStream } from './connection.ts';
import { errorCode } from './error.ts';

export type StreamEvents = {
  onStarted: () => void;
  onConnectionStateChange: (change: { state: string; error?: unknown }) => void;
  onError: (error: unknown) => void;
  onComplete: () => void;
};
type Open = (events: StreamEvents) => { unsubscribe: () => void };

const longestPauseMs = 10_000;
/** Whoever may not read it any more gets the page anew, which says so. */
const refusals = ['NOT_FOUND', 'FORBIDDEN', 'UNAUTHORIZED'];

/**
 * Holds a subscription open while the page is visible, and opens it again when it breaks. `open` starts it from the
 * last event the caller has seen. Hidden pages let go, because a browser allows one server six connections in all.
 */
export function useStream(name: string, enabled: boolean, open: Open): void {
  const visible = useVisible();
  const latest = useLatest(open);

  useEffect(() => {
    if (!enabled || !visible) return;
    const stream = keepOpen(
      (events) => latest.current(events),
      (received) => reportStream(name, received),
      () => window.location.reload(),
    );
    return () => {
      stream.stop();
      reportStream(name, true);
    };
  }, [name, enabled, visible, latest]);
}

/** Opens, and opens again after a pause whenever it breaks or ends, until it is stopped or refused. */
export function keepOpen(
  open: Open,
  report: (received: boolean) => void,
  refused: () => void = () => undefined,
): { stop: () => void } {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: { subscription?: ReturnType<Open> } | null = null;

  // Letting go of a subscription makes it say that it is complete: only the current one is listened to.
  const letGo = () => {
    const old = current;
    current = null;
    old?.subscription?.unsubscribe();
  };
  const received = () => {
    failures = 0;
    report(true);
  };
  const again = () => {
    letGo();
    clearTimeout(timer);
    timer = setTimeout(start, Math.min(500 * 2 ** failures++, longestPauseMs));
  };
  function start() {
    const own: { subscription?: ReturnType<Open> } = {};
    current = own;
    const ifCurrent = (act: () => void) => () => current === own && act();
    own.subscription = open({
      onStarted: ifCurrent(received),
      onConnectionStateChange: ({ state, error }) => {
        if (current !== own) return;
        if (state === 'pending') received();
        if (state === 'connecting' && error) report(false);
      },
      onError: (error) => {
        if (current !== own) return;
        report(false);
        if (!refusals.includes(errorCode(error) ?? '')) return again();
        letGo();
        refused();
      },
      onComplete: ifCurrent(again),
    });
  }
  start();
  return {
    stop() {
      clearTimeout(timer);
      letGo();
    },
  };
}
