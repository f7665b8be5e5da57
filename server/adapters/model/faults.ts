import { ModelError, type ModelFault, type Usage } from '../../domain/ports/model.ts';

const longestMessage = 400;

const byStatus: Record<number, ModelFault> = {
  401: 'key_rejected',
  402: 'key_exhausted',
  403: 'key_rejected',
  408: 'network',
  409: 'network',
  413: 'too_long',
  429: 'rate_limited',
  503: 'overloaded',
  529: 'overloaded',
};

const exhausted = /credit balance|usage limits?|spend(ing)? limit|quota|billing/i;
const tooLong =
  /prompt is too long|exceeds? (the )?(maximum )?context|context[ _](window|limit|length)|too many tokens|maximum (context|prompt) length|input token count/i;

/** A failure as a provider words it. `named` is what its own name for it stands for, where it gave one that is known. */
export type Said = {
  status: number | undefined;
  named: ModelFault | undefined;
  words: string;
  headers: Headers | undefined;
};

function plainFault({ status, named }: Said): ModelFault {
  if (status === undefined) return named ?? 'network';
  if (status >= 500) return byStatus[status] ?? 'network';
  return byStatus[status] ?? named ?? 'bad_request';
}

/** Some faults a provider tells apart by its words alone: a limit that names no time to wait is no matter of pace. */
function faultOf(said: Said): ModelFault {
  const fault = plainFault(said);
  if (fault === 'rate_limited') {
    const isSpent = said.named === 'key_exhausted' || exhausted.test(said.words);
    return isSpent && retryAfterMs(said.headers) === null ? 'key_exhausted' : fault;
  }
  if (fault !== 'bad_request') return fault;
  if (tooLong.test(said.words)) return 'too_long';
  return exhausted.test(said.words) ? 'key_exhausted' : fault;
}

function retryAfterMs(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const value = headers?.get('retry-after');
  if (!value) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : null;
}

/** What the provider answered instead of a reply, in its own words. */
export function refusalOf(said: Said, usage: Usage | null): ModelError {
  const words = said.words.slice(0, longestMessage);
  const message = said.status === undefined ? words : `${said.status}: ${words}`;
  return new ModelError(faultOf(said), message, retryAfterMs(said.headers), usage);
}

/** Nobody answered, or the connection broke. */
export function noAnswer(failure: unknown, usage: Usage | null): ModelError {
  const cause = failure instanceof Error ? (failure.cause ?? failure) : failure;
  const words = cause instanceof Error ? cause.message : 'unknown';
  return new ModelError('network', `No answer from the model provider: ${words.slice(0, longestMessage)}`, null, usage);
}
