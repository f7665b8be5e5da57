'use client';

import { BacktestPanel, StartBacktest } from './backtest-panel.tsx';
import { useBacktest } from './use-backtest.ts';

type Props = {
  org: string;
  yaml: string;
  /** Of the repo whose rules are drafted; null for the org's. */ repoId: string | null;
};

/** How a draft that is read, and not written here, would have decided what agents did lately. */
export function TryDraft({ org, yaml, repoId }: Props) {
  const backtest = useBacktest(org, repoId);
  return (
    <>
      <div className="flex flex-wrap items-end gap-2">
        <StartBacktest backtest={backtest} yaml={yaml} />
      </div>
      <BacktestPanel org={org} backtest={backtest} />
    </>
  );
}
