import { describe, expect, test } from 'vitest';
import { limits } from './options.ts';
import { judgeReply } from './outcome.ts';
import type { Reply } from './post-call.ts';
import type { OpenCall } from './store/load-call.ts';

const call: OpenCall = {
  id: 'c',
  runId: 'r',
  functionId: 'fleet-f',
  kind: 'discover',
  stepId: null,
  attempt: 0,
  losses: 0,
  event: '{}',
  slots: [],
  steps: [],
};
const judging = {
  maxAttempts: 2,
  retry: { baseMs: 1000, capMs: 60_000 },
  reconnect: { baseMs: 100, capMs: 5000 },
  now: new Date('2026-01-01T00:00:00Z'),
  random: 1,
};
const answered = (status: number, body: unknown, headers: Record<string, string> = {}): Reply => ({
  kind: 'answered',
  status,
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const judge = (reply: Reply, given: Partial<OpenCall> = {}) => judgeReply({ ...call, ...given }, reply, judging);
const errorOf = (reply: Reply, given: Partial<OpenCall> = {}) => {
  const { end } = judge(reply, given);
  return end?.status === 'failed' ? (JSON.parse(end.error) as { name: string; message: string }) : null;
};

describe('an answer', () => {
  test('200 completes the run with its body', () => {
    expect(judge(answered(200, '{"a":1}')).end).toEqual({ status: 'completed', output: '{"a":1}' });
  });

  test.each([
    ['again while attempts are left', 0, {}, { attempt: 1, delayMs: 1000 }],
    ['again when the answer says', 0, { 'retry-after': '30' }, { attempt: 1, delayMs: 30_000 }],
    ['not after the last attempt', 1, {}, null],
    ['not when it says so', 0, { 'x-inngest-no-retry': 'true' }, null],
  ])('500: %s', (_, attempt, headers, again) => {
    const outcome = judge(answered(500, { name: 'Error', message: 'x' }, headers), { attempt, losses: 4 });
    if (again === null) expect(outcome).toMatchObject({ again: null, end: { status: 'failed' } });
    else expect(outcome).toMatchObject({ again: { ...again, losses: 0, kind: 'discover' }, end: null });
  });

  test.each([
    ['a 500 that is no JSON', answered(500, '<html>', { 'x-inngest-no-retry': 'true' }), 'no JSON'],
    ['a 206 that is no JSON', answered(206, 'x'), 'no step operations'],
    ['a 206 without operations', answered(206, []), 'no step operations'],
    [
      'a step named twice',
      answered(
        206,
        [1, 2].map(() => ({ op: 'StepPlanned', id: 'a' })),
      ),
      'twice',
    ],
    ['a sleep of no length', answered(206, [{ op: 'Sleep', id: 'a', name: 'soon' }]), 'soon'],
    ['another operation', answered(206, [{ op: 'InvokeFunction', id: 'a' }]), '"InvokeFunction"'],
    ['too large a result', answered(206, [{ op: 'StepRun', id: 'a', data: 'x'.repeat(limits.stepBytes) }]), 'bytes'],
  ])('%s fails the run', (_, reply, says) => expect(errorOf(reply)?.message).toContain(says));

  test('a run has no more steps than the platform allows', () => {
    const steps = Array.from({ length: limits.stepsPerRun }, (_, n) => ({ id: `${n}`, data: 'null', error: null }));
    const reply = answered(206, [{ op: 'StepRun', id: 'a', data: 1 }]);
    expect(errorOf(reply, { steps })?.message).toContain('1000 steps');
    expect(judge(reply, { steps: steps.slice(1) }).done).toEqual([{ id: 'a', data: '1', error: null }]);
  });

  test('a failed step is tried again, then remembered as failed', () => {
    const reply = answered(206, [{ op: 'StepError', id: 'a', error: { name: 'E', message: 'm' } }]);
    expect(judge(reply, { kind: 'step', stepId: 'a' })).toMatchObject({ done: [], again: { stepId: 'a', attempt: 1 } });
    const done = [{ id: 'a', data: null, error: '{"name":"E","message":"m"}' }];
    expect(judge(reply, { kind: 'step', stepId: 'a', attempt: 1 })).toMatchObject({ done, again: null, end: null });
  });
});

describe('no answer', () => {
  test.each([
    ['unreached', 0, 100],
    ['unreached', 1000, 5000],
    ['lost', 8, 5000],
  ] as const)('%s after %i losses: the same attempt again', (kind, losses, delayMs) => {
    const again = { attempt: 1, losses: losses + 1, delayMs };
    expect(judge({ kind, why: 'x' }, { losses, attempt: 1 })).toMatchObject({ again, end: null });
  });

  test('a call that is broken off over and over uses up an attempt', () => {
    const lost: Reply = { kind: 'lost', why: 'ECONNRESET' };
    const losses = limits.lossesPerAttempt - 1;
    expect(judge(lost, { losses })).toMatchObject({ again: { attempt: 1, losses: 0, delayMs: 1000 } });
    expect(errorOf(lost, { losses, attempt: 1 })).toMatchObject({ name: 'WorkerLost' });
  });

  test('a call that overruns uses up an attempt at once', () => {
    expect(judge({ kind: 'failed', why: 'no answer' })).toMatchObject({ again: { attempt: 1 } });
    expect(errorOf({ kind: 'failed', why: 'no answer' }, { attempt: 1 })).toMatchObject({ name: 'CallFailed' });
  });
});
