'use client';

import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunView } from '../../server/domain/views/views.ts';
import { useRefreshOrg } from '../trpc/use-org-changes.ts';
import { isAtEnd } from './run-log.ts';
import { useFollow } from './use-follow.ts';
import { useMoment } from './use-moment.ts';
import { useRunLog } from './use-run-log.ts';

/** The run's log with the moment that is looked at: what is gone to is read, and the end stays in sight while one is there. */
export function useRunMoment({
  org,
  runId,
  run,
  ended,
}: {
  org: string;
  runId: string;
  run: RunView | undefined;
  ended: boolean;
}) {
  const refresh = useRefreshOrg();
  const { moment, opened, jump, scrolled } = useMoment();
  const [begins, setBegins] = useState<number | 'end' | null>(null);
  useEffect(() => {
    if (opened !== undefined && run !== undefined) setBegins((before) => before ?? opened ?? (ended ? 1 : 'end'));
  }, [opened, run, ended]);
  const following = useRef(false);
  const held = useRunLog({ org, runId, opened: begins, following, onNews: () => !ended && refresh() });
  const { log, goTo } = held;
  const [size, setSize] = useState(0);
  const over = log.facts.over || ended;
  const from = begins === null ? null : begins === 'end' ? 'end' : 'elsewhere';
  const follow = useFollow({ last: log.facts.lastSeq, live: !over, atEnd: isAtEnd(log), size, following }, from);
  const { seq, times, by } = moment ?? { seq: 0, times: 0, by: 'scroll' as const };
  useEffect(() => {
    if (by !== 'jump') return;
    following.current = false;
    void goTo(seq);
  }, [seq, times, by, goTo]);
  const target = useMemo(() => (by === 'jump' ? { seq, times } : null), [seq, times, by]);
  return { held, over, follow, seq: moment?.seq ?? null, target, jump, scrolled, setSize };
}
