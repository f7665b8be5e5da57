import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { rateHeaders } from '../domain/authz/rate-limits.ts';
import { answerStream, subscriptionIn } from './answer-stream.ts';
import { contextOf } from './context.ts';
import { appRouter } from './root.ts';
import type { Web } from './web.ts';
import { translated } from './wire-error.ts';

const maxBodyBytes = 1_000_000;
const maxBatchSize = 20;

/** Answers /api/trpc/*: queries, mutations and subscriptions (server-sent events) over plain fetch types. */
export async function handleTrpc(request: Request, web: Web): Promise<Response> {
  if (request.method === 'POST' && !isSmall(request.headers)) {
    return new Response('The request is too large.', { status: 413, headers: { connection: 'close' } });
  }
  const subscription = subscriptionIn(request, new URL(request.url));
  return subscription === null ? answer(request, web) : answerStream(request, web, subscription);
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
