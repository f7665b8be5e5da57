import { APIConnectionError, APIError } from '@anthropic-ai/sdk';
import type { ModelError, ModelFault, Usage } from '../../domain/ports/model.ts';
import { noAnswer, refusalOf } from './faults.ts';

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

/** Any failure of a call as a ModelError, in the provider's words where it gave some. */
export function modelErrorOf(failure: unknown, usage: Usage | null): ModelError {
  if (!(failure instanceof APIError) || failure instanceof APIConnectionError) return noAnswer(failure, usage);
  const { status, type, headers } = failure;
  return refusalOf({ status, named: byType[type ?? ''], words: failure.apiMessage ?? failure.message, headers }, usage);
}
