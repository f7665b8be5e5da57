import { TRPCError } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { z } from 'zod';
import { rateHeaders } from '../domain/authz/rate-limits.ts';
import { AppError } from '../domain/errors.ts';
import { exportForms, exportLog, type Exporting } from '../services/audit/export-log.ts';
import { contextOf, type Context } from './context.ts';
import { countCall } from './count-call.ts';
import { enterOrg, stillMay } from './enter-org.ts';
import { errorTable } from './error-table.ts';
import type { Web } from './web.ts';

const maxBodyBytes = 10_000;
const place = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

const asked = z.object({
  form: z.enum(exportForms).default('jsonl'),
  filter: z
    .string()
    .max(1000)
    .refine((text) => !text.includes('\0'))
    .default(''),
  size: place.optional(),
  from: place.optional(),
});
type Asked = z.infer<typeof asked>;

/**
 * Answers POST /api/orgs/ORG/export, of a form on our own pages or with an API key: the audit log as a download, written as
 * it is read. Whoever may not see it any more gets no further page of it.
 */
export async function handleExport(request: Request, web: Web, slug: string): Promise<Response> {
  const context = await contextOf(web, request.headers);
  try {
    const { form, filter, size, from } = await readAsked(request);
    const who = await enter(context, slug);
    const deps = { database: web.database, auditKeys: web.auditKeys, ...who, now: web.clock.now() };
    const resume = size === undefined || from === undefined ? undefined : { size, from };
    const exporting = await exportLog(deps, { form, filter, resume });
    const stays = () => stillMay({ ...context, slug, scope: 'audit:verify' });
    return new Response(streamOf(exporting, stays), { headers: headersOf(context, { slug, form, ...exporting }) });
  } catch (error) {
    return refusal(error, context);
  }
}

async function readAsked(request: Request): Promise<Asked> {
  const length = request.headers.get('content-length');
  if (length === null || !(Number(length) <= maxBodyBytes)) {
    throw new AppError('invalid_input', 'The request is too large, or does not say how large it is.');
  }
  const fields = new URLSearchParams(await request.text());
  const read = asked.safeParse(Object.fromEntries(fields));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.') ?? 'The request'}: ${issue?.message ?? 'is not valid'}`);
}

async function enter(context: Context, slug: string): Promise<{ orgId: string; actor: ExportActor }> {
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

type ExportActor = Awaited<ReturnType<typeof enterOrg>>['actor'];

/** A page is read when the one before it was taken. */
function streamOf({ pages }: Exporting, stays: () => Promise<void>): ReadableStream<Uint8Array> {
  const reading = pages[Symbol.asyncIterator]();
  const utf8 = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      await stays();
      const { value, done } = await reading.next();
      if (done) controller.close();
      else controller.enqueue(utf8.encode(value));
    },
    cancel: async () => void (await reading.return?.()),
  });
}

const types = { jsonl: 'application/jsonl; charset=utf-8', csv: 'text/csv; charset=utf-8' };

function headersOf({ rate }: Context, { slug, form, size }: { slug: string; form: keyof typeof types; size: number }) {
  return {
    'content-type': types[form],
    'content-disposition': `attachment; filename="${slug}-audit-${size}.${form}"`,
    'cache-control': 'no-store',
    'fleet-export-size': String(size),
    ...(rate.standing === null ? {} : rateHeaders(rate.standing, rate.passed)),
  };
}

function refusal(error: unknown, { web, rate }: Context): Response {
  const known = error instanceof AppError ? error : null;
  const status = known ? getHTTPStatusCodeFromError(new TRPCError({ code: errorTable[known.code] })) : 500;
  if (status >= 500) web.report(error, 'an export');
  const words =
    known && known.code !== 'config_invalid' ? known.message : 'The export failed on the server. Try again.';
  const headers = rate.standing === null ? {} : rateHeaders(rate.standing, rate.passed);
  return new Response(`${words}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });
}
