'use client';

import { clsx } from 'clsx';
import { memo } from 'react';
import type { Verdict } from '../../server/domain/policy/verdict.ts';
import { Revealed } from '../ui/code.tsx';
import { millis } from '../ui/format.ts';
import { Mark, type Tone } from '../ui/mark.tsx';
import { OpeningRow } from '../ui/opening-row.tsx';
import { Elapsed } from '../ui/time.tsx';
import { callWords } from './call-words.ts';
import type { ToolCall, ToolResult } from './timeline.ts';
import { ToolCallBody } from './tool-call-body.tsx';

const outcomes: Record<ToolResult['outcome'], { tone: Tone; word: string } | null> = {
  ok: null,
  error: { tone: 'bad', word: 'Failed' },
  denied: { tone: 'bad', word: 'Denied' },
  timed_out: { tone: 'bad', word: 'Timed out' },
  lost: { tone: 'doubtful', word: 'Lost' },
};

function VerdictChip({ verdict, denied }: { verdict: Verdict; denied: boolean }) {
  if (denied) return null;
  if (verdict.verdict === 'deny') return <Mark tone="bad">deny</Mark>;
  if (verdict.verdict === 'ask') return <Mark tone="needs-you">ask</Mark>;
  return (
    <span title={`${verdict.reason} (${verdict.layer}, ${verdict.rule})`} className="text-xs text-ink-3 max-sm:hidden">
      allow
    </span>
  );
}

function Ending({ call }: { call: ToolCall }) {
  if (!call.result) {
    return (
      <>
        <Mark tone="running" bare>
          Running
        </Mark>
        <span className="min-w-14 text-right text-xs text-ink-3">
          <Elapsed from={call.at} />
        </span>
      </>
    );
  }
  const { outcome, exitCode, durationMs } = call.result;
  const state = outcomes[outcome];
  return (
    <>
      {state && (
        <Mark tone={state.tone} bare>
          {state.word}
        </Mark>
      )}
      {exitCode !== null && (
        <span className={clsx('figures text-xs whitespace-nowrap', exitCode === 0 ? 'text-ink-3' : 'text-bad')}>
          exit {exitCode}
        </span>
      )}
      <span className="figures min-w-14 text-right text-xs whitespace-nowrap text-ink-3">{millis(durationMs)}</span>
    </>
  );
}

/** A tool call in one line; it opens to what was asked, what came out and why it was allowed. */
export const ToolCallLine = memo(function ToolCallLine({ call }: { call: ToolCall }) {
  const { icon: Icon, verb, target } = callWords(call.tool, call.input);
  return (
    <OpeningRow
      id={`call-${call.callId}`}
      className="items-center gap-2 rounded-md px-2"
      body={() => <ToolCallBody call={call} />}
    >
      <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />
      <span className="shrink-0">{verb}</span>
      <span dir="ltr" className="min-w-0 flex-1 truncate font-mono text-ink-2">
        <Revealed text={target} />
      </span>
      <VerdictChip verdict={call.verdict} denied={call.result?.outcome === 'denied'} />
      <Ending call={call} />
    </OpeningRow>
  );
});
