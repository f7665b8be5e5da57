'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef, useState, type RefObject } from 'react';
import type { EventView } from '../../server/domain/views/views.ts';
import { useTRPC, useTRPCClient } from '../trpc/context.ts';
import { once } from '../trpc/use-org-changes.ts';
import { shareStream } from '../trpc/share-stream.ts';
import { useStream, type StreamEvents } from '../trpc/use-stream.ts';
import { useLatest } from '../ui/use-latest.ts';
import { emptyLog, firstOf, isAtEnd, lastOf, reduceLog, type LogAction, type RunLog } from './run-log.ts';
import { useGather } from './use-gather.ts';

/** Beyond every event: the page that ends with the last. */
const end = 2_147_483_646;
type Which = { at: number } | { before: number } | { after: number };

type Input = {
  org: string;
  runId: string;
  /** The event that the page was opened at, `end` for the last; null until that is known. */
  opened: number | 'end' | null;
  /** True while the end is in sight. */
  following: RefObject<boolean>;
  onNews: () => void;
};

export type HeldLog = {
  log: RunLog;
  /** Holds the stretch that has the event, and tells when it does. */
  goTo: (seq: number) => Promise<void>;
  toEnd: () => Promise<void>;
  older: () => void;
  newer: () => void;
};

/**
 * A stretch of a run's log, however long that is, and what comes live. After a break the stream goes on from the last
 * event that it has brought.
 */
export function useRunLog({ org, runId, opened, following, onNews }: Input): HeldLog {
  const [log, dispatch] = useReducer(reduceLog, emptyLog);
  const cursor = useFirst({ org, runId, opened }, dispatch);
  const told = useLatest(onNews);
  // What happened after the page was made and before the stream's first event is news, too: no event will tell of it.
  useEffect(() => {
    if (cursor !== null) told.current();
  }, [cursor, told]);
  useLive({ org, runId, cursor, over: log.facts.over }, (events) => {
    dispatch({ type: 'live', events, following: following.current });
    onNews();
  });
  return { log, ...usePages({ org, runId }, log, dispatch) };
}

type Dispatch = (action: LogAction) => void;

/** Reads what the page begins with. Returns where the stream goes on, null before that is known. */
function useFirst({ org, runId, opened }: Pick<Input, 'org' | 'runId' | 'opened'>, dispatch: Dispatch): number | null {
  const trpc = useTRPC();
  const which: Which = opened === null || opened === 'end' ? { before: end } : { at: opened };
  // What was read first is gone on from by the stream; it is not asked again.
  const digest = useQuery(trpc.runs.digest.queryOptions({ org, runId }, once)).data;
  // After the digest: the stream goes on from its head, and a page that was read before that could end short of it.
  const enabled = opened !== null && digest !== undefined;
  const page = useQuery(trpc.runs.page.queryOptions({ org, runId, which }, { ...once, enabled })).data;
  useEffect(() => {
    if (digest) dispatch({ type: 'digest', ...digest });
  }, [digest, dispatch]);
  useEffect(() => {
    if (page) dispatch({ type: 'page', join: 'replace', ...page });
  }, [page, dispatch]);
  return digest?.headSeq ?? null;
}

type Live = { org: string; runId: string; cursor: number | null; over: boolean };

function useLive({ org, runId, cursor, over }: Live, take: (events: EventView[]) => void): void {
  const client = useTRPCClient();
  const seen = useRef(0);
  const gather = useGather(take);
  const [catching] = useState({ now: false, again: false });
  const next = (event: EventView) => {
    if (event.seq !== seen.current + 1) return;
    seen.current = event.seq;
    gather(event);
  };
  /** What another tab was told before this one listened. */
  const catchUp = async () => {
    catching.again = true;
    if (catching.now) return;
    catching.now = true;
    while (catching.again) {
      catching.again = false;
      const page = await client.runs.page.query({ org, runId, which: { after: seen.current } }).catch(() => null);
      const before = seen.current;
      for (const event of page?.events ?? []) next(event);
      if (page && seen.current > before && seen.current < page.headSeq) catching.again = true;
    }
    catching.now = false;
  };
  const name = `run:${runId}`;
  useStream(name, cursor !== null && !over, (handlers) => {
    seen.current = Math.max(seen.current, cursor ?? 0);
    return shareStream<{ data: EventView }, StreamEvents>(name, {
      handlers,
      open: (all) => client.runs.events.subscribe({ org, runId, lastEventId: seen.current }, all),
      onData({ data }) {
        if (data.seq > seen.current + 1) void catchUp();
        else next(data);
      },
      onJoined: () => void catchUp(),
    });
  });
}

function usePages({ org, runId }: { org: string; runId: string }, log: RunLog, dispatch: Dispatch) {
  const client = useTRPCClient();
  const latest = useLatest(log);
  /** Only what was asked for last is shown. */
  const [asking] = useState({ last: 0, joining: false });
  const read = useCallback(
    async (which: Which, join: 'replace' | 'older' | 'newer') => {
      const own = (asking.last += 1);
      const page = await client.runs.page.query({ org, runId, which }).catch(() => null);
      if (page && own === asking.last) dispatch({ type: 'page', join, ...page });
    },
    [asking, client, dispatch, org, runId],
  );
  const join = useCallback(
    (which: Which, how: 'older' | 'newer') => {
      if (asking.joining) return;
      asking.joining = true;
      void read(which, how).finally(() => (asking.joining = false));
    },
    [asking, read],
  );
  const goTo = useCallback(
    async (seq: number) => {
      const { current } = latest;
      // What the page begins with is on its way.
      if (current.events.length === 0) return;
      if (seq < firstOf(current) || seq > lastOf(current)) await read({ at: seq }, 'replace');
    },
    [latest, read],
  );
  const toEnd = useCallback(async () => {
    if (!isAtEnd(latest.current)) await read({ before: end }, 'replace');
  }, [latest, read]);
  const older = useCallback(() => {
    const first = firstOf(latest.current);
    if (first > 1) join({ before: first }, 'older');
  }, [join, latest]);
  const newer = useCallback(() => {
    if (!isAtEnd(latest.current)) join({ after: lastOf(latest.current) }, 'newer');
  }, [join, latest]);
  return { goTo, toEnd, older, newer };
}
