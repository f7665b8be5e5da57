import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import {
  emptyBacktest,
  mergeBacktests,
  type Backtest,
  type BacktestPage,
} from '../../server/domain/policy/backtest/backtest.ts';
import { useTRPC } from '../trpc/context.ts';

export type BacktestRun = {
  state: 'none' | 'running' | 'done' | 'stopped';
  found: Backtest;
  total: number;
  error: unknown;
  start(yaml: string, days: number): void;
  stop(): void;
  reset(): void;
};

const none = { state: 'none' as const, found: emptyBacktest(), total: 0, error: null as unknown };

/** A back-test, page by page, until it has read all or is stopped. What is started later ends what was started before. With `repoId` the draft is of that repo's rules. */
export function useBacktest(org: string, repoId: string | null = null): BacktestRun {
  const trpc = useTRPC();
  const { mutateAsync } = useMutation(trpc.policy.backtest.mutationOptions());
  const [shown, setShown] = useState<Omit<BacktestRun, 'start' | 'stop' | 'reset'>>(none);
  const current = useRef(0);
  useEffect(
    () => () => {
      current.current += 1;
    },
    [],
  );

  async function run(yaml: string, days: number): Promise<void> {
    const mine = ++current.current;
    setShown({ ...none, state: 'running' });
    let after: string | null = null;
    do {
      const page: BacktestPage | { error: unknown } = await mutateAsync({ org, yaml, days, after, repoId }).catch(
        (error: unknown) => ({ error }),
      );
      if (current.current !== mine) return;
      if ('error' in page) return setShown((before) => ({ ...before, state: 'stopped', error: page.error }));
      after = page.next;
      const state = after === null ? 'done' : 'running';
      setShown((before) => ({
        state,
        total: page.total ?? before.total,
        found: mergeBacktests(before.found, page.part),
        error: null,
      }));
    } while (after !== null);
  }

  return {
    ...shown,
    start: (yaml, days) => void run(yaml, days),
    stop() {
      current.current += 1;
      setShown((before) => ({ ...before, state: 'stopped' }));
    },
    reset() {
      current.current += 1;
      setShown(none);
    },
  };
}
