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
  // One signal of its own: those that AbortSignal.any makes are looked at with every event, and that is slow.
  const ended = new AbortController();
  const ends = [web.closing, ...(signal === undefined ? [] : [signal])].map((one) => {
    const end = () => ended.abort(one.reason);
    one.addEventListener('abort', end);
    if (one.aborted) end();
    return () => one.removeEventListener('abort', end);
  });
  const leave = web.rights.watch(watched, (reason: AppError) => ended.abort(reason));
  try {
    yield* open(ended.signal);
  } finally {
    leave();
    for (const forget of ends) forget();
    ended.abort();
  }
}
