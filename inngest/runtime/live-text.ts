import type { Worker } from './worker.ts';

const coalesceMs = 50;

export type LiveText = { add(turn: number, delta: string): void; close(): Promise<void> };

/** Gathers token deltas and publishes them at most every 50 ms. */
export function liveText(
  { clock, publish }: Pick<Worker, 'clock' | 'publish'>,
  { runId }: { runId: string },
): LiveText {
  let waiting: { turn: number; text: string }[] = [];
  let flushing: Promise<void> | null = null;

  const flush = async () => {
    await clock.sleep(coalesceMs);
    while (waiting.length > 0) {
      const parts = waiting;
      waiting = [];
      for (const part of parts) await publish(runId, part);
    }
    flushing = null;
  };

  return {
    add(turn, delta) {
      const last = waiting.at(-1);
      if (last?.turn === turn) last.text += delta;
      else waiting.push({ turn, text: delta });
      flushing ??= flush();
    },
    async close() {
      await flushing;
    },
  };
}
