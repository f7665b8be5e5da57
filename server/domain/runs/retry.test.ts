import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/run-events.ts';
import { whyNotRetry, type RetryFacts } from './retry-rule.ts';
import { runStatuses } from './run-state.ts';
import { turnPoint } from './turn-point.ts';

const facts: RetryFacts = { status: 'failed', taskOver: false, last: true, stopping: false };

describe('whyNotRetry', () => {
  it('lets runs be retried that ended without a result, or that wait', () => {
    const may = runStatuses.filter((status) => whyNotRetry({ ...facts, status }) === null);
    expect(may).toEqual(['waiting', 'failed', 'stopped']);
  });

  it.each([
    [{ taskOver: true }, /over/],
    [{ last: false }, /newest/],
    [{ stopping: true }, /stopped/],
    [{ status: 'running' as const }, /Pause it first/],
  ])('says why not: %o', (change, words) => {
    expect(whyNotRetry({ ...facts, ...change })).toMatch(words);
  });
});

describe('turnPoint', () => {
  const tree = (turn: number): RunEvent => ({
    kind: 'workspace.snapshotted',
    payload: { turn, commit: `c${turn}`, leftOut: [] },
  });
  const said: RunEvent = { kind: 'message.added', payload: { source: 'platform', text: '' } };

  it('is the event that says what the turn left', () => {
    expect(turnPoint([said, tree(1), said, tree(2), said], 2)).toEqual({ turn: 2, seq: 4, commit: 'c2' });
    expect(turnPoint([said, tree(1)], 2)).toBeNull();
  });
});
