import type { AppError } from '../domain/errors.ts';
import type { Web } from './web.ts';

type Streaming = { web: Web; watched: { right: string; stillMay: () => Promise<void> } };

/**
 * An open stream and what ends it: the client left, the process is asked to stop, or who opened it may not read it any
 * more (removed, demoted, signed out), which is looked at again for as long as it is open.
 */
export async function* openStream<T>(
  { web, watched }: Streaming,
  signal: AbortSignal | undefined,
  open: (until: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const ended = new AbortController();
  const until = AbortSignal.any([web.closing, ended.signal, ...(signal === undefined ? [] : [signal])]);
  const leave = web.rights.watch(watched, (reason: AppError) => ended.abort(reason));
  try {
    yield* open(until);
  } finally {
    leave();
    ended.abort();
  }
}
