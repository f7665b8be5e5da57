import { expect, it } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import { foldTranscript } from '../transcript/fold.ts';
import { landingNotice } from '../transcript/notices.ts';
import { budgetWords, ledgerMoves } from './ledger.ts';

const usage = { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 };
const called: RunEvent = {
  kind: 'model.called',
  payload: { turn: 1, model: 'm', maxTokens: 9, reservedMicros: 70, reservedTokens: 90 },
};
const account = { system: 0, tools: 0, task: 0, said: 0, results: 0, calls: 0, total: 0 };
const answers: RunEvent[] = [
  {
    kind: 'model.replied',
    payload: { turn: 1, model: 'm', content: [], stopReason: 'end_turn', usage, costMicros: 5, durationMs: 1 },
  },
  {
    kind: 'model.failed',
    payload: { turn: 1, fault: 'network', message: '', retryInMs: 0, costMicros: 5 },
  },
  {
    kind: 'context.compacted',
    payload: {
      ...{
        turn: 1,
        by: 'model' as const,
        dropped: 0,
        text: '',
        asked: true,
        model: 'm',
        usage,
        costMicros: 5,
        durationMs: 1,
      },
      before: account as never,
    },
  },
];

it('reserves for a call under the name of its event', () => {
  expect(ledgerMoves([called], 41)).toEqual([{ do: 'reserve', call: 'event 42', micros: 70, tokens: 90 }]);
});

it.each(answers)('settles with whatever closes a call: $kind', (answer) => {
  expect(foldTranscript([called]).openModelCall).not.toBeNull();
  expect(foldTranscript([called, answer]).openModelCall).toBeNull();
  const [move, ...more] = ledgerMoves([answer], 1);
  expect(more).toEqual([]);
  expect(move).toMatchObject({ do: 'settle', micros: 5 });
});

it.each([
  [undefined, 0],
  [null, 0],
  [100_000, 15_000],
  [1_000_000_000, 300_000],
])('keeps back what a run lands with; of %s tokens %i', (tokensLeft, tokens) => {
  const started = { kind: 'run.started', payload: { costLimitMicros: 1_000_000, tokensLeft } } as RunEvent;
  expect(ledgerMoves([started], 0)).toEqual([{ do: 'reserve', call: 'landing', micros: 150_000, tokens }]);
});

it('gives back what is kept for landing with the notice, and with the end', () => {
  const text = landingNotice({ seconds: 1, costMicros: 1, turns: 1, tokens: null });
  const released = { do: 'release', micros: 0, tokens: 0 };
  expect(ledgerMoves([{ kind: 'message.added', payload: { source: 'platform', text } }], 1)).toEqual([released]);
  expect(ledgerMoves([{ kind: 'message.added', payload: { source: 'person', text } }], 1)).toEqual([]);
  const outcome = { reason: 'handed_off' as const, detail: '' };
  const ended: RunEvent = {
    kind: 'run.ended',
    payload: { outcome, millisUsed: 1, costMicros: 1, turns: 1, toolCalls: 1 },
  };
  expect(ledgerMoves([ended], 1)).toEqual([{ do: 'settle', micros: null, tokens: null }, released]);
});

it.each([
  ['org 2026-11', 'the budget of the org for November 2026'],
  ['run total', 'the budget of the run'],
])('%s: %s', (account, words) => {
  expect(budgetWords(account)).toBe(words);
});
