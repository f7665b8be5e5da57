import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unchargedMillis } from './lease.ts';
import { runLimits, withinRule } from './run-limits.ts';

const role = { secondsLimit: 1_800, costLimitMicros: 5_000_000 };
const task = (seconds: number, costMicros: bigint) => ({
  limits: { seconds: 3_600, costMicros: 10_000_000n },
  spent: { seconds, costMicros },
});

describe('runLimits', () => {
  it('gives the role’s limit while the task has it', () => {
    expect(runLimits(role, task(0, 0n), false)).toEqual({
      run: { seconds: 1_800, costMicros: 5_000_000n },
      raised: null,
    });
  });
  it('cuts to what the task has left', () => {
    expect(runLimits(role, task(3_000, 6_000_000n), false)).toMatchObject({
      run: { seconds: 600, costMicros: 4_000_000n },
    });
  });
  it('gives nothing where nothing useful is left', () => {
    expect(runLimits(role, task(3_590, 0n), false)).toEqual({ exhausted: 'seconds' });
    expect(runLimits(role, task(0, 9_999_999n), false)).toEqual({ exhausted: 'cost' });
  });
  it('lets a person pay for one more run', () => {
    expect(runLimits(role, task(3_590, 9_999_999n), true)).toEqual({
      run: { seconds: 1_800, costMicros: 5_000_000n },
      raised: { seconds: 5_390, costMicros: 14_999_999n },
    });
  });
  it('never gives more than the task’s limit, raised or not', () => {
    const spent = fc.record({ seconds: fc.nat(10_000), costMicros: fc.bigInt(0n, 20_000_000n) });
    fc.assert(
      fc.property(spent, fc.boolean(), (used, byPerson) => {
        const given = runLimits(role, task(used.seconds, used.costMicros), byPerson);
        if ('exhausted' in given) return;
        const limit = given.raised ?? task(0, 0n).limits;
        expect(used.seconds + given.run.seconds).toBeLessThanOrEqual(limit.seconds);
        expect(used.costMicros + given.run.costMicros <= limit.costMicros).toBe(true);
      }),
    );
  });
});

describe('unchargedMillis', () => {
  const at = (ms: number) => new Date(1_000_000 + ms);
  it.each([
    [0, 5_000, 2_000, 2_000],
    [0, 5_000, 60_000, 5_000],
    [3_000, 5_000, 2_000, 0],
  ])('heartbeat at %i, lease until %i, now %i: %i', (beat, until, now, expected) => {
    expect(unchargedMillis({ heartbeatAt: at(beat), leaseUntil: at(until) }, at(now))).toBe(expected);
  });
  it('is nothing without a lease', () => {
    expect(unchargedMillis({ heartbeatAt: null, leaseUntil: null }, at(0))).toBe(0);
  });
});

it('a rule for every run bounds what the role gives, and gives nothing', () => {
  const role = { secondsLimit: 1_800, costLimitMicros: 5_000_000 };
  expect(withinRule(role, { seconds: null, micros: null })).toEqual(role);
  expect(withinRule(role, { seconds: 20, micros: 9_000_000 })).toEqual({ ...role, secondsLimit: 20 });
  expect(withinRule(role, { seconds: 3_600, micros: 1 })).toEqual({ ...role, costLimitMicros: 1 });
});
