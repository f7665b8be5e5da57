type Data = { code?: unknown; appCode?: unknown; detail?: { field?: unknown } | null };
type Coded = { code?: unknown; data?: Data | null };

function isCoded(error: unknown): error is Coded {
  return typeof error === 'object' && error !== null;
}

/** The tRPC code of an error, in the browser or on the server; null where the server was not reached. */
export function errorCode(error: unknown): string | null {
  if (!isCoded(error)) return null;
  const code = error.data?.code ?? error.code;
  return typeof code === 'string' ? code : null;
}

/** The AppError code of an error in the browser, or null. */
export function appCode(error: unknown): string | null {
  const code = isCoded(error) ? error.data?.appCode : null;
  return typeof code === 'string' ? code : null;
}

/** The part of the input that an error in the browser is about, or null where it is about none, or not only one. */
export function errorField(error: unknown): string | null {
  const field = isCoded(error) ? error.data?.detail?.field : null;
  return typeof field === 'string' ? field : null;
}

/** What to tell a person. A request that never got an answer says so instead of the browser's words. */
export function errorText(error: unknown): string {
  if (errorCode(error) === null) return 'The server did not answer. Check the connection and try again.';
  return error instanceof Error ? error.message : 'Something went wrong. Try again.';
}
