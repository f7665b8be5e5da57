import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { rateHeaders } from '../domain/authz/rate-limits.ts';
import { contextOf } from './context.ts';
import { dropStalled } from './drop-stalled.ts';
import { appRouter } from './root.ts';
import type { Web } from './web.ts';
import { translated } from './wire-error.ts';

const maxBodyBytes = 1_000_000;
const maxBatchSize = 20;
/** How long a stream waits for a reader that takes nothing of what is there. */
const stalledMs = 30_000;

/** Answers /api/trpc/*: queries, mutations and subscriptions (server-sent events) over plain fetch types. */
export async function handleTrpc(request: Request, web: Web): Promise<Response> {
  if (request.method === 'POST' && !isSmall(request.headers)) {
    return new Response('The request is too large.', { status: 413, headers: { connection: 'close' } });
  }
  const response = await answer(request, web);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (!isStream || response.body === null) return response;
  return new Response(dropStalled(response.body, stalledMs), response);
}

function answer(request: Request, web: Web): Promise<Response> {
  return fetchRequestHandler({
    endpoint: '/api/trpc',
    req: request,
    router: appRouter,
    maxBatchSize,
    createContext: () => contextOf(web, request.headers),
    responseMeta: ({ ctx }) => {
      const { standing, passed } = ctx?.rate ?? { standing: null, passed: false };
      return standing === null ? {} : { headers: rateHeaders(standing, passed) };
    },
    onError: ({ error, path }) => {
      if (getHTTPStatusCodeFromError(translated(error)) >= 500) web.report(error.cause ?? error, path ?? 'trpc');
    },
  });
}

/** Browsers and clients name the length of what they post; a body without one is not read. */
function isSmall(headers: Headers): boolean {
  const length = headers.get('content-length');
  return length !== null && /^\d+$/.test(length) && Number(length) <= maxBodyBytes;
}
