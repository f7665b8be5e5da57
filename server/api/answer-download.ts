import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import type { z } from 'zod';
import { isSecure } from '../auth/session-token.ts';
import { rateHeaders } from '../domain/authz/rate-limits.ts';
import { AppError } from '../domain/errors.ts';
import type { Actor } from '../domain/events/actor.ts';
import { contextOf, type Context } from './context.ts';
import { countCall } from './count-call.ts';
import { toDownloadPage } from './download-note.ts';
import { enterOrg, stillMay } from './enter-org.ts';
import { errorTable } from './error-table.ts';
import type { Web } from './web.ts';

const maxBodyBytes = 10_000;

export type Download = {
  filename: string;
  type: string;
  headers?: Record<string, string>;
  parts: AsyncIterable<string | Uint8Array>;
};

type Who = { web: Web; orgId: string; actor: Actor; now: Date };
type Asking<F> = { request: Request; web: Web; slug: string; fields: z.ZodType<F> };

/**
 * Answers a form of one of our own pages, or of a program with an API key, with a file that is written as it is read. Needs the
 * scope `audit:verify`; who loses it gets no further part.
 */
export async function answerDownload<F>(
  { request, web, slug, fields }: Asking<F>,
  make: (who: Who, fields: F) => Promise<Download>,
): Promise<Response> {
  const context = await contextOf(web, request.headers);
  try {
    const given = await readFields(request, fields);
    const download = await make({ web, ...(await enter(context, slug)), now: web.clock.now() }, given);
    const stays = () => stillMay({ ...context, slug, scope: 'audit:verify' });
    const lost = (error: unknown) => web.report(error, 'a download that broke off');
    return new Response(streamOf(download.parts, { stays, lost }), {
      headers: { ...headersOf(download), ...rateOf(context) },
    });
  } catch (error) {
    return refusal(error, { context, request, slug });
  }
}

async function readFields<F>(request: Request, fields: z.ZodType<F>): Promise<F> {
  const length = request.headers.get('content-length');
  if (length === null || !(Number(length) <= maxBodyBytes)) {
    throw new AppError('invalid_input', 'The request is too large, or does not say how large it is.');
  }
  const given = Object.fromEntries(new URLSearchParams(await request.text()));
  if (Object.values(given).some((value) => value.includes('\0'))) {
    throw new AppError(
      'invalid_input',
      'This holds a NUL character, which no text has. Remove it, then send it again.',
    );
  }
  const read = fields.safeParse(given);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'The request'}: ${issue?.message ?? 'is not valid'}`);
}

async function enter(context: Context, slug: string): Promise<{ orgId: string; actor: Actor }> {
  const { web, viewer, key, ownOrigin } = context;
  if (key === null && viewer === null) {
    throw new AppError('not_signed_in', 'Sign in, or send an API key that is valid, to go on.');
  }
  if (key === null && !ownOrigin) {
    throw new AppError('forbidden', "This request was not sent by one of Fleet's own pages (Origin).");
  }
  const entered = await enterOrg({ web, viewer, key, slug, scope: 'audit:verify' });
  const id = key === null ? entered.viewer.userId : key.keyId;
  await countCall(context, { kind: key === null ? 'member' : 'key', id, orgId: entered.org.id });
  return { orgId: entered.org.id, actor: entered.actor };
}

type Way = { stays: () => Promise<void>; lost: (error: unknown) => void };

/** A part is made when the one before it was taken. What fails breaks the download off: a browser then says that it failed, and keeps no half of it. */
function streamOf(parts: Download['parts'], { stays, lost }: Way): ReadableStream<Uint8Array> {
  const reading = parts[Symbol.asyncIterator]();
  const utf8 = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      try {
        await stays();
        const { value, done } = await reading.next();
        if (done) controller.close();
        else controller.enqueue(typeof value === 'string' ? utf8.encode(value) : value);
      } catch (error) {
        if (!(error instanceof AppError)) lost(error);
        throw error;
      }
    },
    cancel: async () => void (await reading.return?.()),
  });
}

const headersOf = ({ filename, type, headers = {} }: Download) => ({
  'content-type': type,
  'content-disposition': `attachment; filename="${filename}"`,
  'cache-control': 'no-store',
  ...headers,
});

const rateOf = ({ rate: { standing, passed } }: Context) => (standing === null ? {} : rateHeaders(standing, passed));

type Refused = { context: Context; request: Request; slug: string };

function refusal(error: unknown, { context, request, slug }: Refused): Response {
  const known = error instanceof AppError ? error : null;
  const status = known ? getHTTPStatusCodeFromError(new TRPCError({ code: errorTable[known.code] })) : 500;
  if (status >= 500) context.web.report(error, 'a download');
  const words = known && known.code !== 'config_invalid' ? known.message : 'This failed on the server. Try again.';
  const isForm = context.key === null && request.headers.get('accept')?.includes('text/html');
  if (isForm) return toDownloadPage({ slug, words, secure: isSecure(context.web.settings.publicUrl) });
  const headers = { 'content-type': 'text/plain; charset=utf-8', ...rateOf(context) };
  return new Response(`${words}\n`, { status, headers });
}
