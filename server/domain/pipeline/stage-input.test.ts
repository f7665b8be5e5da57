import { describe, expect, it } from 'vitest';
import { inputOf, startsOver, type StageCause } from './stage-input.ts';

const conflict: StageCause = {
  from: 'merge',
  attemptId: 'sta_1',
  problem: 'conflict',
  detail: '',
  paths: ['a'],
  target: 'moved',
};
const again: StageCause = { from: 'again', attemptId: 'sta_2', reason: 'sandbox_lost' };

describe('inputOf', () => {
  it('starts at the base, then at the head', () => {
    expect(inputOf({ from: 'order' }, { base: 'b', head: null }, null).start).toBe('b');
    expect(inputOf({ from: 'order' }, { base: 'b', head: 'h' }, null)).toMatchObject({ base: 'b', start: 'h' });
  });

  it('of a retry from a turn is that of the attempt it goes on from, wherever the change stands', () => {
    const before = inputOf({ from: 'order' }, { base: 'b', head: 'h' }, null);
    const cause: StageCause = {
      from: 'turn',
      attemptId: 'sta_1',
      runId: 'run_1',
      turn: 2,
      seq: 9,
      commit: 't2',
      note: '',
    };
    expect(inputOf(cause, { base: 'b', head: 'h2' }, before)).toEqual({ ...before, cause });
  });

  it('starts over on the moved branch after a conflict, in every further try too', () => {
    const first = inputOf(conflict, { base: 'b', head: 'h' }, null);
    expect(first).toMatchObject({ base: 'moved', head: 'h', start: 'moved' });
    expect(startsOver(first)).toBe(true);
    const second = inputOf(again, { base: 'b', head: 'h' }, first);
    expect(second).toMatchObject({ base: 'moved', start: 'moved', cause: again });
    const later = inputOf(again, { base: 'moved', head: 'h2' }, first);
    expect(later).toMatchObject({ start: 'h2' });
    expect(startsOver(later)).toBe(false);
  });
});
