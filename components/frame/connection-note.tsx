'use client';

import { WifiOff } from 'lucide-react';
import { useConnection, type Connection } from '../trpc/connection.ts';

const words: Record<Connection, string | null> = {
  fine: null,
  reconnecting: 'Reconnecting. Nothing is lost: work goes on, and this page catches up from where it stopped.',
  offline: 'You are offline. Nothing is lost: work goes on, and this page catches up when you are back.',
};

/** Says so when what is on screen may be old. */
export function ConnectionNote() {
  const text = words[useConnection()];
  return (
    <div role="status" className="contents">
      {text && (
        <p className="flex items-center gap-2 border-b border-needs-ink/40 bg-needs-soft px-4 py-2 text-sm text-needs-ink md:px-6">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {text}
        </p>
      )}
    </div>
  );
}
