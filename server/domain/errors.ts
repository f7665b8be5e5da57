/** Every code a caller can meet. The one translation to HTTP and tRPC lives in server/api/error-table.ts. */
export const errorCodes = [
  'invalid_input',
  'not_signed_in',
  'forbidden',
  'sso_required',
  'sign_in_again',
  'not_found',
  'conflict',
  'rate_limited',
  'budget_exhausted',
  'model_key_missing',
  'repo_unreachable',
  'repo_needs_credentials',
  'repo_empty',
  'repo_not_allowed',
  'no_test_command',
  'approval_stale',
  'lease_lost',
  'sandbox_unavailable',
  'environment_broken',
  'config_invalid',
  'unavailable',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** The one error a service throws. `message` is shown to people: it says what happened and what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly detail: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, detail: Record<string, unknown> = {}) {
    super(message);
    this.name = 'AppError';
    this.code = code;
    this.detail = detail;
  }
}
