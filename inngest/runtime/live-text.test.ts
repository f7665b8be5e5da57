import { describe, expect, it } from 'vitest';
import { makeRedactor } from '../../server/domain/redaction/redactor.ts';
import { liveText } from './live-text.ts';

function live() {
  const published: unknown[] = [];
  let wake = () => {};
  const clock = {
    now: () => new Date(0),
    elapsed: () => 0,
    sleep: () => new Promise<void>((resolve) => (wake = resolve)),
  };
  const text = liveText(
    { clock, publish: async (runId, delta) => void published.push({ runId, ...delta }) },
    { runId: 'run_1', redactor: makeRedactor() },
  );
  return { text, published, wake: () => wake() };
}

describe('liveText', () => {
  it('gathers what comes within a moment, turn by turn', async () => {
    const { text, published, wake } = live();
    text.add(1, 'Hel');
    text.add(1, 'lo');
    text.add(2, 'again');
    expect(published).toEqual([]);
    const closed = text.close();
    wake();
    await closed;
    expect(published).toEqual([
      { runId: 'run_1', turn: 1, text: 'Hello' },
      { runId: 'run_1', turn: 2, text: 'again' },
    ]);
    await text.close();
  });

  it('shows no secret, however it is cut', async () => {
    const { text, published, wake } = live();
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    for (const letter of `The token is ${secret}, as you see. And on.`) text.add(1, letter);
    const closed = text.close();
    wake();
    await closed;
    expect(published).toEqual([
      { runId: 'run_1', turn: 1, text: 'The token is [redacted: github-token], as you see. And on.' },
    ]);
  });
});
