import { AppError } from '../domain/errors.ts';
import type { Web } from './web.ts';

type Streaming = { web: Web; stillMay: () => Promise<void> };

/** How long a stream may outlive the right to it; a look costs a few reads by key. */
const lookMs = 3_000;

/**
 * An open stream and what ends it: the client left, the process is asked to stop, or who opened it may not read it any
 * more (removed, demoted, signed out), which is looked at again for as long as it is open.
 */
export async function* openStream<T>(
  { web, stillMay }: Streaming,
  signal: AbortSignal | undefined,
  open: (until: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const ended = new AbortController();
  const until = AbortSignal.any([web.closing, ended.signal, ...(signal === undefined ? [] : [signal])]);
  const watching = watch({ web, stillMay }, until, (reason) => ended.abort(reason));
  try {
    yield* open(until);
  } finally {
    ended.abort();
    await watching;
  }
}

async function watch({ web, stillMay }: Streaming, until: AbortSignal, end: (reason: AppError) => void): Promise<void> {
  for (;;) {
    await web.clock.sleep(lookMs, until).catch(() => undefined);
    if (until.aborted) return;
    try {
      await stillMay();
    } catch (error) {
      if (!(error instanceof AppError)) web.report(error, 'the watch over an open stream');
      // A database that is away takes nobody's right; the stream itself says that it is away.
      else if (error.code !== 'unavailable') end(error);
    }
  }
}
