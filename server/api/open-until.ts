/** The signal every open stream ends on: the client left, or the process is asked to stop. */
export function openUntil(closing: AbortSignal, client: AbortSignal | undefined): AbortSignal {
  return client === undefined ? closing : AbortSignal.any([closing, client]);
}
