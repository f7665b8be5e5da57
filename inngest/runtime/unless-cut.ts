/**
 * What `opening` comes to, or null where the slice is cut short before: then `late` is given what comes of it all the same,
 * or null where nothing does. Throws what `opening` throws.
 */
export async function unlessCut<T>(
  signal: AbortSignal,
  opening: Promise<T>,
  late: (opened: T | null) => Promise<unknown>,
): Promise<T | null> {
  const cut = Promise.withResolvers<null>();
  const onAbort = () => cut.resolve(null);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const opened = await Promise.race([opening, cut.promise]).finally(() => signal.removeEventListener('abort', onAbort));
  if (opened !== null) return opened;
  void opening.then(late, () => late(null)).catch(() => undefined);
  return null;
}
