import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepOpen, type StreamEvents } from './use-stream.ts';

/** A subscription as tRPC makes it: letting go of it says complete, at once. */
function fakeSource() {
  const opened: StreamEvents[] = [];
  let live = 0;
  const open = (events: StreamEvents) => {
    opened.push(events);
    live += 1;
    let closed = false;
    return {
      unsubscribe() {
        if (closed) return;
        closed = true;
        live -= 1;
        events.onComplete();
      },
    };
  };
  return { open, opened, live: () => live };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a stopped stream stays closed, although letting go of it says that it is complete', () => {
  const source = fakeSource();
  const stream = keepOpen(source.open, () => {});
  expect(source.live()).toBe(1);
  stream.stop();
  vi.advanceTimersByTime(60_000);
  expect(source.live()).toBe(0);
  expect(source.opened).toHaveLength(1);
});

test('a broken stream is opened once more after a pause that grows, and told as lost until it is received', () => {
  const source = fakeSource();
  const reports: boolean[] = [];
  const stream = keepOpen(source.open, (received) => reports.push(received));
  source.opened[0]?.onError(new Error('broken'));
  expect(source.live()).toBe(0);
  vi.advanceTimersByTime(500);
  expect(source.live()).toBe(1);
  source.opened[1]?.onError(new Error('broken'));
  vi.advanceTimersByTime(999);
  expect(source.live()).toBe(0);
  vi.advanceTimersByTime(1);
  expect(source.live()).toBe(1);
  source.opened[2]?.onStarted();
  expect(reports).toEqual([false, false, true]);
  stream.stop();
});

test('what an old subscription still says is not heard', () => {
  const source = fakeSource();
  const stream = keepOpen(source.open, () => {});
  source.opened[0]?.onComplete();
  vi.advanceTimersByTime(500);
  source.opened[0]?.onComplete();
  source.opened[0]?.onError(new Error('broken'));
  vi.advanceTimersByTime(60_000);
  expect(source.opened).toHaveLength(2);
  expect(source.live()).toBe(1);
  stream.stop();
});

test('a refused stream is not opened again, and its page is told', () => {
  const source = fakeSource();
  const refused = vi.fn();
  keepOpen(source.open, () => {}, refused);
  source.opened[0]?.onError({ data: { code: 'NOT_FOUND' } });
  vi.advanceTimersByTime(60_000);
  expect(source.opened).toHaveLength(1);
  expect(source.live()).toBe(0);
  expect(refused).toHaveBeenCalledOnce();
});
