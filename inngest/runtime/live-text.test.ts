import { describe, expect, it } from 'vitest';
import { liveText } from './live-text.ts';

describe('liveText', () => {
  it('gathers what comes within a moment, turn by turn', async () => {
    const published: unknown[] = [];
    let wake = () => {};
    const clock = {
      now: () => new Date(0),
      elapsed: () => 0,
      sleep: () => new Promise<void>((resolve) => (wake = resolve)),
    };
    const live = liveText(
      { clock, publish: async (runId, delta) => void published.push({ runId, ...delta }) },
      { runId: 'run_1' },
    );
    live.add(1, 'Hel');
    live.add(1, 'lo');
    live.add(2, 'again');
    expect(published).toEqual([]);
    wake();
    await live.close();
    expect(published).toEqual([
      { runId: 'run_1', turn: 1, text: 'Hello' },
      { runId: 'run_1', turn: 2, text: 'again' },
    ]);
    await live.close();
  });
});
