import { expect, it } from 'vitest';
import { countDenials, countToolCalls, countWaiting } from './count-log.ts';
import type { SeenEvent } from './follow-task.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString();

function event(kind: string, payload: object, { seconds = 0, source = 'build 1' } = {}): SeenEvent {
  const actor = { type: 'system', reason: 'test' } as const;
  return { source, event: { streamId: source, seq: 1, kind, at: at(seconds), actor, payload, hash: '' } };
}

const finished = (callId: string, outcome: string, source?: string) =>
  event('tool.finished', { callId, outcome }, source ? { source } : {});

it('a call counts as repeated in its own stream only, and as lost by its outcome', () => {
  const seen = [
    event('tool.intended', { callId: 'a', verdict: { verdict: 'allow' } }),
    event('tool.intended', { callId: 'b', verdict: { verdict: 'ask' } }),
    finished('a', 'ok'),
    finished('a', 'ok', 'review 1'),
    finished('b', 'lost'),
    finished('b', 'ok'),
  ];
  expect(countToolCalls(seen)).toEqual({ started: 2, repeated: 1, lost: 1 });
  expect(countDenials(seen)).toBe(1);
});

it('waiting counts from the question to its answer, else to the slice that goes on, and what was charged beyond the work is charged waiting', () => {
  const seen = [
    event('slice.started', {}, { seconds: 0 }),
    event('run.waiting', {}, { seconds: 10 }),
    event('slice.started', {}, { seconds: 1, source: 'review 1' }),
    event('slice.started', {}, { seconds: 40 }),
  ];
  const run = (secondsUsed: number) => ({ stage: 'build', attempt: 1, startedAt: at(0), endedAt: at(50), secondsUsed });
  expect(countWaiting(seen, [run(20)])).toEqual({ waitingSeconds: 30, chargedWaiting: 0 });
  expect(countWaiting(seen, [run(27)])).toEqual({ waitingSeconds: 30, chargedWaiting: 7 });
  const answered = [
    event('slice.started', {}, { seconds: 0 }),
    event('run.waiting', { approvalId: 'apr_1' }, { seconds: 10 }),
    event('slice.started', {}, { seconds: 40 }),
    event('approval.decided', { approvalId: 'apr_1' }, { seconds: 36, source: 'org' }),
  ];
  expect(countWaiting(answered, [run(24)])).toEqual({ waitingSeconds: 26, chargedWaiting: 0 });
  expect(countWaiting(answered, [run(25)])).toEqual({ waitingSeconds: 26, chargedWaiting: 1 });
});
