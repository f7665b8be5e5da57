import { getTRPCErrorFromUnknown, TRPCError, type AnyProcedure } from '@trpc/server';
import { getErrorShape } from '@trpc/server/shared';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import superjson, { type SuperJSONResult } from 'superjson';
import { rateHeaders } from '../domain/authz/rate-limits.ts';
import { contextOf, type Context } from './context.ts';
import { appRouter } from './root.ts';
import { bytesOf, frame } from './frames.ts';
import { sseBody } from './sse-body.ts';
import type { Web } from './web.ts';
import { translated } from './wire-error.ts';

const timing = { pingMs: 10_000, stalledMs: 30_000 };
/** After so long without a word, not even a ping, tRPC's client opens the stream anew. */
const connected = frame({ event: 'connected', data: JSON.stringify({ reconnectAfterInactivityMs: 30_000 }) });
const returned = frame({ event: 'return', data: '' });

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
  vary: 'trpc-accept, accept',
};

export type Subscription = { path: string; procedure: AnyProcedure };

/** The subscription that a request asks for; null: it asks for something else. */
export function subscriptionIn(request: Request, { pathname, searchParams }: URL): Subscription | null {
  const path = pathname.slice('/api/trpc/'.length);
  const procedures = appRouter._def.procedures as unknown as Record<string, AnyProcedure>;
  const procedure = Object.hasOwn(procedures, path) ? procedures[path] : undefined;
  if (request.method !== 'GET' || procedure?._def.type !== 'subscription' || searchParams.has('batch')) return null;
  return { path, procedure };
}

/**
 * Answers a subscription as tRPC's own handler does, through the same guards and in the same words on the wire, but hands
 * over what is bytes already as it is: a frame that many are sent is made once.
 */
export async function answerStream(request: Request, web: Web, { path, procedure }: Subscription): Promise<Response> {
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  let ctx: Context | undefined;
  const open = async (): Promise<AsyncIterable<unknown>> => {
    ctx = await contextOf(web, request.headers);
    const getRawInput = async () => rawInput(request);
    return (await procedure({ path, getRawInput, ctx, type: 'subscription', signal, batchIndex: 0 })) as never;
  };
  const failed = (thrown: unknown) => {
    const error = getTRPCErrorFromUnknown(thrown);
    if (getHTTPStatusCodeFromError(translated(error)) >= 500) web.report(error.cause ?? error, path);
    const told = { config: appRouter._def._config, error, type: 'subscription', path, input: undefined, ctx } as const;
    return frame({ event: 'serialized-error', data: superjson.stringify(getErrorShape(told)) });
  };
  const opened = await open().catch((error: unknown) => failing(error));
  const body = sseBody(frames(opened, failed), timing, () => left.abort());
  const { standing, passed } = ctx?.rate ?? { standing: null, passed: false };
  return new Response(body, { headers: { ...headers, ...(standing === null ? {} : rateHeaders(standing, passed)) } });
}

/** What is sent: that the stream is there, each item, and why it ended; nothing where the reader left or the process stops. */
async function* frames(
  items: AsyncIterable<unknown>,
  failed: (error: unknown) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  yield connected;
  try {
    for await (const item of items) yield bytesOf(item);
    yield returned;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) yield failed(error);
  }
}

async function* failing(error: unknown): AsyncGenerator<never> {
  throw error;
}

/** A browser that comes back names the last event it has seen in a header, which counts more than what it first asked for. */
function rawInput({ url, headers: given }: Request): unknown {
  const { searchParams } = new URL(url);
  const input = parsed(searchParams.get('input'));
  const lastEventId = given.get('last-event-id') ?? searchParams.get('lastEventId');
  return lastEventId !== null && typeof input === 'object' ? { ...input, lastEventId } : input;
}

function parsed(text: string | null): unknown {
  if (text === null || text === '') return undefined;
  try {
    return superjson.deserialize(JSON.parse(text) as SuperJSONResult);
  } catch (cause) {
    throw new TRPCError({ code: 'BAD_REQUEST', message: 'The input cannot be read.', cause });
  }
}
