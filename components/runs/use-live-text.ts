'use client';

import { useState } from 'react';
import { useTRPCClient } from '../trpc/context.ts';
import { shareStream } from '../trpc/share-stream.ts';
import { useStream, type StreamEvents } from '../trpc/use-stream.ts';

export type LiveText = { turn: number; text: string };

/** What the model is writing right now. It is not part of the log; the finished message replaces it. */
export function useLiveText(org: string, runId: string, enabled: boolean): LiveText | null {
  const client = useTRPCClient();
  const [live, setLive] = useState<LiveText | null>(null);
  const name = `live:${runId}`;
  useStream(name, enabled, (handlers) =>
    shareStream<{ turn: number; text: string }, StreamEvents>(name, {
      handlers,
      open: (all) => client.runs.live.subscribe({ org, runId }, all),
      onData: ({ turn, text }) =>
        setLive((before) => (before?.turn === turn ? { turn, text: before.text + text } : { turn, text })),
    }),
  );
  return live;
}
