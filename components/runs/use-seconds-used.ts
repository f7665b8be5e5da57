'use client';

import { useState } from 'react';
import type { RunView } from '../../server/domain/views/views.ts';
import { useNow } from '../ui/clock.ts';

/** The run time used, counting on between two answers of the server while the run is running. */
export function useSecondsUsed(run: RunView): number {
  const now = useNow();
  const [base, setBase] = useState({ used: run.secondsUsed, at: now });
  if (base.used !== run.secondsUsed || base.at === null) {
    if (now !== null || base.used !== run.secondsUsed) setBase({ used: run.secondsUsed, at: now });
  }
  if (run.status !== 'running' || now === null || base.at === null) return run.secondsUsed;
  return Math.min(run.secondsLimit, run.secondsUsed + Math.max(0, (now - base.at) / 1000));
}
