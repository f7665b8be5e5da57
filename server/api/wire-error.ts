import { TRPCError, type TRPCDefaultErrorShape } from '@trpc/server';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc';
import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { errorTable } from './error-table.ts';

const ours =
  'Something failed on the server. What was saved is safe; try again, and look at the server log if it stays.';

/** What a client gets: the wire code, a sentence for a person, and our own code to switch on. Nothing else leaves. */
type WireErrorData = {
  code: TRPCError['code'];
  httpStatus: number;
  path: string | null;
  appCode: AppError['code'] | null;
  detail: Record<string, unknown> | null;
};

/** A service's AppError as the TRPCError of the table; anything else stays what it is. */
export function translated(error: TRPCError): TRPCError {
  const cause = error.cause;
  if (!(cause instanceof AppError)) return error;
  return new TRPCError({ code: errorTable[cause.code], message: cause.message, cause });
}

/** Shapes any error for the wire. The text of a failure of ours (5xx) is replaced, because it may quote what it met. */
export function wireError(shape: TRPCDefaultErrorShape, raw: TRPCError) {
  const error = translated(raw);
  const httpStatus = getHTTPStatusCodeFromError(error);
  const cause = error.cause;
  const app = cause instanceof AppError ? cause : null;
  const hidden = httpStatus >= 500 && (app === null || app.code === 'config_invalid');
  const data: WireErrorData = {
    code: error.code,
    httpStatus,
    path: shape.data.path ?? null,
    appCode: app?.code ?? (cause instanceof z.ZodError ? 'invalid_input' : null),
    detail: app !== null && !hidden ? app.detail : null,
  };
  return { code: TRPC_ERROR_CODES_BY_KEY[error.code], message: hidden ? ours : sentence(error), data };
}

function sentence(error: TRPCError): string {
  if (!(error.cause instanceof z.ZodError)) return error.message;
  const issue = error.cause.issues[0];
  return issue === undefined ? 'The input is not valid.' : `${issue.path.join('.') || 'input'}: ${issue.message}`;
}
