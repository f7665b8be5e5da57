import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { errorCode } from './error.ts';

const lasting = new Set(['UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_REQUEST', 'PRECONDITION_FAILED', 'CONFLICT']);

/** Answers that will not change by asking again are not asked again; anything else is tried twice more. */
function shouldRetry(failures: number, error: unknown): boolean {
  return failures < 2 && !lasting.has(errorCode(error) ?? '');
}

/** For one request on the server: nothing is tried twice, the page says what failed. */
export function makeServerQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: 60_000, retry: false } } });
}

/** For one tab. `onSignedOut` is called when the server no longer knows the session. */
export function makeBrowserQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (errorCode(error) === 'UNAUTHORIZED') onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: { queries: { staleTime: 5_000, retry: shouldRetry } },
  });
}
