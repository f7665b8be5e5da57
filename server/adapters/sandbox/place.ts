/** Where a folder of the host really is: `path` as process `holder` sees it, or as everybody does when there is none. */
export type Place = { holder: number | null; path: string };

/**
 * A work tree may be mounted in the namespaces of a holder process only. Its name on the host then leads through
 * `/proc/<holder>/root`, which any file access may follow; a mount or a confined program has to enter the holder first.
 */
export function placeOf(folder: string): Place {
  const [, holder, path] = /^\/proc\/(\d+)\/root(\/.+)$/su.exec(folder) ?? [];
  return path === undefined ? { holder: null, path: folder } : { holder: Number(holder), path };
}

export function throughHolder(holder: number, path: string): string {
  return `/proc/${holder}/root${path}`;
}

/** What a command line starts with to run in the namespaces of a holder. */
export function entering(holder: number | null): string[] {
  return holder === null ? [] : ['nsenter', '-U', '-m', '--preserve-credentials', '-t', String(holder), '--'];
}
