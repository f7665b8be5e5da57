import type { Clock } from '../../domain/ports/clock.ts';

export type TestClock = Clock & { advance(ms: number): void; startedAt: number };

type Sleeper = { at: number; wake: () => void };

/** Time that moves only when told to, or by itself over sleeps of at most `skips` ms. */
export function testClock({ skips = 0 }: { skips?: number } = {}): TestClock {
  const startedAt = Date.parse('2026-11-22T12:00:00.000Z');
  let now = startedAt;
  let sleepers: Sleeper[] = [];
  const advance = (ms: number) => {
    now += ms;
    const due = sleepers.filter(({ at }) => at <= now);
    sleepers = sleepers.filter(({ at }) => at > now);
    for (const { wake } of due) wake();
  };
  return {
    startedAt,
    advance,
    now: () => new Date(now),
    elapsed: () => now - startedAt,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { at: now + ms, wake: resolve };
        const cut = () => {
          sleepers = sleepers.filter((each) => each !== sleeper);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', cut, { once: true });
        sleepers.push(sleeper);
        if (ms <= skips) setImmediate(() => sleepers.includes(sleeper) && advance(sleeper.at - now));
      });
    },
  };
}
