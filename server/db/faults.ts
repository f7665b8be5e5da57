import { AppError } from '../domain/errors.ts';

/** PostgreSQL's and Node's words for "the database is not there at the moment". */
const awayCodes = new Set([
  '57P01', // the server shuts down
  '57P02', // it crashed
  '57P03', // it starts up
  '53300', // it has no connection left
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2037',
]);
const awayWords =
  /Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect|Server has closed the connection|Client was closed|Unable to start a transaction in the given time|terminating connection/i;

/** Codes that mean two transactions met: the loser may try again. */
const metCodes = new Set(['40001', '40P01', '55P03', 'P2034']);

/** A database fault that a caller can do something about as AppError `unavailable` or `conflict`; anything else as it is. */
export function translateFault(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (metCodes.has(code)) {
    return new AppError('conflict', 'Somebody else changed this at the same moment. Try again.', { code });
  }
  if (awayCodes.has(code) || (error instanceof Error && awayWords.test(error.message))) {
    return new AppError('unavailable', 'The database is not available at the moment. Try again in a few seconds.', {
      code,
    });
  }
  return error;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const { code, meta, cause } = error as { code?: unknown; meta?: { code?: unknown }; cause?: unknown };
  // Prisma's P2010 and P2039 wrap the server's own code.
  if (typeof meta?.code === 'string') return meta.code;
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}
