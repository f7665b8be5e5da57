import { redactedStream, type RedactedStream } from '../../server/domain/redaction/redacted-stream.ts';
import type { Redactor } from '../../server/domain/redaction/redactor.ts';
import type { Worker } from './worker.ts';

const coalesceMs = 50;

export type LiveText = { add(turn: number, delta: string): void; close(): Promise<void> };

type Live = { runId: string; redactor: Redactor };

/** Gathers token deltas, takes secrets out of them and publishes them at most every 50 ms. */
export function liveText({ clock, publish }: Pick<Worker, 'clock' | 'publish'>, { runId, redactor }: Live): LiveText {
  let waiting: { turn: number; text: string }[] = [];
  let flushing: Promise<void> | null = null;
  let open: { turn: number; stream: RedactedStream } | null = null;

  const flush = async () => {
    await clock.sleep(coalesceMs);
    while (waiting.length > 0) {
      const parts = waiting;
      waiting = [];
      for (const part of parts) await publish(runId, part);
    }
    flushing = null;
  };

  const show = (turn: number, text: string) => {
    if (text === '') return;
    const last = waiting.at(-1);
    if (last?.turn === turn) last.text += text;
    else waiting.push({ turn, text });
    flushing ??= flush();
  };

  const end = () => {
    if (open) show(open.turn, open.stream.end());
    open = null;
  };

  return {
    add(turn, delta) {
      if (open?.turn !== turn) end();
      open ??= { turn, stream: redactedStream(redactor) };
      show(turn, open.stream.push(delta));
    },
    async close() {
      end();
      await flushing;
    },
  };
}
