import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import { ModelError, type ModelFault, type Usage } from '../../domain/ports/model.ts';

const longestMessage = 400;

/** The provider's own names for a failure; they come with a status or, mid-stream, without one. */
const byType: Record<string, ModelFault> = {
  authentication_error: 'key_rejected',
  permission_error: 'key_rejected',
  billing_error: 'key_exhausted',
  rate_limit_error: 'rate_limited',
  overloaded_error: 'overloaded',
  request_too_large: 'too_long',
  not_found_error: 'bad_request',
  invalid_request_error: 'bad_request',
  api_error: 'network',
  timeout_error: 'network',
};

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

const exhausted = /credit balance|usage limits?|spend(ing)? limit|quota/i;
const tooLong = /prompt is too long|exceeds? (the )?context|context (window|limit)|too many tokens/i;

function plainFault({ status, type }: APIError): ModelFault {
  if (status === undefined) return byType[type ?? ''] ?? 'network';
  if (status >= 500) return byStatus[status] ?? 'network';
  return byStatus[status] ?? byType[type ?? ''] ?? 'bad_request';
}

/** Some faults the provider tells apart by its words alone: a limit that names no time to wait is no matter of pace. */
function faultOf(error: APIError, words: string): ModelFault {
  const fault = plainFault(error);
  if (fault === 'rate_limited') {
    return exhausted.test(words) && retryAfterMs(error.headers) === null ? 'key_exhausted' : fault;
  }
  if (fault !== 'bad_request') return fault;
  if (exhausted.test(words)) return 'key_exhausted';
  return tooLong.test(words) ? 'too_long' : fault;
}

function retryAfterMs(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const value = headers?.get('retry-after');
  if (!value) return null;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : null;
}

/** Any failure of a call as a ModelError, in the provider's words where it gave some. */
export function modelErrorOf(failure: unknown, usage: Usage | null): ModelError {
  if (failure instanceof ModelError) return failure;
  if (!(failure instanceof APIError) || failure instanceof APIConnectionError) {
    const cause = failure instanceof Error ? (failure.cause ?? failure) : failure;
    const words = cause instanceof Error ? cause.message : 'unknown';
    return new ModelError(
      'network',
      `No answer from the model provider: ${words.slice(0, longestMessage)}`,
      null,
      usage,
    );
  }
  const words = (failure.apiMessage ?? failure.message).slice(0, longestMessage);
  const message = failure.status === undefined ? words : `${failure.status}: ${words}`;
  return new ModelError(faultOf(failure, words), message, retryAfterMs(failure.headers), usage);
}
