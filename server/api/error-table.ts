import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { ErrorCode } from '../domain/errors.ts';

/** The one translation of a service's error code to the wire. */
export const errorTable = {
  invalid_input: 'BAD_REQUEST',
  not_signed_in: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  sso_required: 'FORBIDDEN',
  sign_in_again: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  rate_limited: 'TOO_MANY_REQUESTS',
  budget_exhausted: 'PRECONDITION_FAILED',
  model_key_missing: 'PRECONDITION_FAILED',
  repo_unreachable: 'BAD_REQUEST',
  repo_needs_credentials: 'BAD_REQUEST',
  repo_empty: 'BAD_REQUEST',
  repo_not_allowed: 'FORBIDDEN',
  no_test_command: 'BAD_REQUEST',
  approval_stale: 'CONFLICT',
  lease_lost: 'CONFLICT',
  sandbox_unavailable: 'SERVICE_UNAVAILABLE',
  environment_broken: 'PRECONDITION_FAILED',
  config_invalid: 'INTERNAL_SERVER_ERROR',
  unavailable: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>;
