'use client';

import { useSyncExternalStore } from 'react';

export type Connection = 'fine' | 'reconnecting' | 'offline';

const lost = new Set<string>();
const listeners = new Set<() => void>();
let seen: Connection = 'fine';

function current(): Connection {
  if (typeof navigator !== 'undefined' && !navigator.onLine) return 'offline';
  return lost.size > 0 ? 'reconnecting' : 'fine';
}

function refresh() {
  const next = current();
  if (next === seen) return;
  seen = next;
  for (const listener of listeners) listener();
}

/** A live stream tells whether it is being received; one that was closed on purpose counts as received. */
export function reportStream(name: string, received: boolean): void {
  if (received) lost.delete(name);
  else lost.add(name);
  refresh();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('online', refresh);
  window.addEventListener('offline', refresh);
  refresh();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener('online', refresh);
    window.removeEventListener('offline', refresh);
  };
}

/** Whether what this page shows is being kept up to date. */
export function useConnection(): Connection {
  return useSyncExternalStore(
    subscribe,
    () => seen,
    () => 'fine',
  );
}
