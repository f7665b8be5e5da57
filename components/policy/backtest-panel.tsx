'use client';

import { useState } from 'react';
import { directions, minutesMore, minutesPerQuestion } from '../../server/domain/policy/backtest/backtest.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { plural } from '../ui/format.ts';
import { Select } from '../ui/input.tsx';
import { Meter } from '../ui/meter.tsx';
import { Notice } from '../ui/notice.tsx';
import { ChangedCalls, ChangedBy } from './changed-calls.tsx';
import type { BacktestRun } from './use-backtest.ts';

const spans = [7, 30, 90];

/** Asks how a draft would have decided what agents did lately. */
export function StartBacktest({ backtest, yaml }: { backtest: BacktestRun; yaml: string }) {
  const [days, setDays] = useState(30);
  const running = backtest.state === 'running';
  return (
    <>
      <Button type="button" busy={running} onClick={() => backtest.start(yaml, days)}>
        Try it on the last
      </Button>
      <Select
        aria-label="How far back it is tried"
        className="max-w-28"
        value={days}
        onChange={({ target }) => setDays(Number(target.value))}
      >
        {spans.map((span) => (
          <option key={span} value={span}>
            {span} days
          </option>
        ))}
      </Select>
      {running && (
        <Button type="button" look="quiet" onClick={backtest.stop}>
          Stop
        </Button>
      )}
    </>
  );
}

function Minutes({ backtest: { found } }: { backtest: BacktestRun }) {
  const more = minutesMore(found);
  const { before, after } = found.questions;
  const words =
    more === 0
      ? 'As many questions to people as before.'
      : `About ${plural(Math.abs(more), 'minute')} of approvers' time ${more > 0 ? 'more' : 'less'}.`;
  return (
    <p className="max-w-[76ch] text-sm text-ink-2">
      {words} People would have been asked {after} instead of {plural(before, 'time')}: once for each run and rule that
      asks, because an answer holds for the run, twice where two people decide; at {minutesPerQuestion} minutes each.
    </p>
  );
}

const words = { denied: 'newly refused', asked: 'newly asked', allowed: 'newly allowed' } as const;

/** What the draft would have changed: the figures first, then the calls, each of which leads to where it happened. */
export function BacktestPanel({ org, backtest }: { org: string; backtest: BacktestRun }) {
  const { state, found, total, error } = backtest;
  if (state === 'none') return null;
  const changed = directions.reduce((sum, each) => sum + found.changed[each], 0);
  return (
    <section aria-label="How it would have decided" className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      {error !== null && <Notice look="bad">{errorText(error as Error)}</Notice>}
      <p role="status" className="text-sm text-ink-2">
        {state === 'running' && `Trying: ${found.calls} of ${total} calls…`}
        {state === 'stopped' && `Stopped after ${found.calls} of ${plural(total, 'call')}.`}
        {state === 'done' &&
          (found.calls === 0
            ? 'No call of an agent was recorded in this time.'
            : `${plural(found.calls, 'call')} tried: ${changed === 0 ? 'each comes out as under the saved version.' : `${changed} come out otherwise.`}`)}
      </p>
      {state === 'running' && <Meter label="How far the back-test is" used={found.calls} limit={Math.max(1, total)} />}
      {found.calls > 0 && (
        <>
          <dl className="flex flex-wrap gap-x-8 gap-y-2">
            {directions.map((each) => (
              <div key={each} className="flex flex-col-reverse">
                <dt className="text-sm text-ink-2">{words[each]}</dt>
                <dd className="figures text-xl font-semibold">{found.changed[each]}</dd>
              </div>
            ))}
          </dl>
          <Minutes backtest={backtest} />
          {changed > 0 && <ChangedBy found={found} />}
          {changed > 0 && <ChangedCalls org={org} found={found} />}
        </>
      )}
    </section>
  );
}
