import { ModelError, type ModelPort, type ModelReply, type Usage } from '../../domain/ports/model.ts';

/** A stream that says nothing for so long is dead, though nobody closed it. Thinking may be silent for minutes. */
export const silenceMs = 5 * 60_000;

type Options = Parameters<ModelPort['complete']>[1];

/** One reply while it streams in. `take` answers the visible text an event brings. */
export type ReplyInProgress<Event> = {
  take(event: Event): string;
  /** The whole reply. Throws ModelError `network` when the stream ended before the reply did. */
  finish(): ModelReply;
  /** What has been counted so far, output estimated from what was seen; null before the first event. */
  seen(): Usage | null;
};

/** Aborts when the caller's signal does, or when `touch` has not been called for `ms`. */
function watchSilence(signal: AbortSignal, ms: number) {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const touch = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), ms);
  };
  touch();
  return { signal: AbortSignal.any([signal, silence.signal]), touch, stop: () => clearTimeout(timer) };
}

type Call<Event> = {
  open(signal: AbortSignal): PromiseLike<AsyncIterable<Event>>;
  reply: ReplyInProgress<Event>;
  errorOf(failure: unknown, usage: Usage | null): ModelError;
  silentForMs: number;
};

async function read<Event>({ open, reply, silentForMs }: Call<Event>, options: Options): Promise<ModelReply> {
  const watch = watchSilence(options.signal, silentForMs);
  try {
    for await (const event of await open(watch.signal)) {
      watch.touch();
      const text = reply.take(event);
      if (text !== '') options.onText?.(text);
    }
    return reply.finish();
  } finally {
    watch.stop();
  }
}

/** Reads one streamed reply to its end. Every failure is a ModelError that carries what was counted before it. */
export async function streamCall<Event>(call: Call<Event>, options: Options): Promise<ModelReply> {
  try {
    return await read(call, options);
  } catch (failure) {
    if (options.signal.aborted) {
      throw new ModelError('interrupted', 'The call was cut off from our side.', null, call.reply.seen());
    }
    if (failure instanceof ModelError) throw failure;
    throw call.errorOf(failure, call.reply.seen());
  }
}
