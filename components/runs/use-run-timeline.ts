'use client';

import { useCallback, useEffect, useReducer, useRef, useState } from 'react';
import type { EventView } from '../../server/domain/views/views.ts';
import { useTRPCClient } from '../trpc/context.ts';
import { useStream } from '../trpc/use-stream.ts';
import { appendEvents, emptyTimeline, type Timeline } from './timeline.ts';

const gatherMs = 40;

type Input = { org: string; runId: string; onNews: () => void };

/** The run's log, from its first event on and then live. After a break it goes on from the last event it has. */
export function useRunTimeline({ org, runId, onNews }: Input): Timeline {
  const client = useTRPCClient();
  const [timeline, append] = useReducer(appendEvents, emptyTimeline);
  const cursor = useRef(0);
  const gather = useGather<EventView>((events) => {
    append(events);
    onNews();
  });
  useStream(`run:${runId}`, !timeline.over, (events) =>
    client.runs.events.subscribe(
      { org, runId, lastEventId: cursor.current },
      {
        ...events,
        onData: ({ data }) => {
          if (data.seq <= cursor.current) return;
          cursor.current = data.seq;
          gather(data);
        },
      },
    ),
  );
  return timeline;
}

/** Hands over what came within a moment at once, so that a long log is not a thousand renders. */
function useGather<T>(deliver: (items: T[]) => void): (item: T) => void {
  const latest = useRef(deliver);
  const held = useRef<{ items: T[]; timer: ReturnType<typeof setTimeout> | undefined }>({
    items: [],
    timer: undefined,
  });
  useEffect(() => {
    latest.current = deliver;
  });
  return useCallback((item: T) => {
    const { current } = held;
    current.items.push(item);
    current.timer ??= setTimeout(() => {
      const items = current.items.splice(0);
      current.timer = undefined;
      latest.current(items);
    }, gatherMs);
  }, []);
}

export type LiveText = { turn: number; text: string };

/** What the model is writing right now. It is not part of the log; the finished message replaces it. */
export function useLiveText(org: string, runId: string, enabled: boolean): LiveText | null {
  const client = useTRPCClient();
  const [live, setLive] = useState<LiveText | null>(null);
  useStream(`live:${runId}`, enabled, (events) =>
    client.runs.live.subscribe(
      { org, runId },
      {
        ...events,
        onData: ({ turn, text }) =>
          setLive((before) => (before?.turn === turn ? { turn, text: before.text + text } : { turn, text })),
      },
    ),
  );
  return live;
}
