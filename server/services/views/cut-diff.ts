const maxChars = 1_000_000;

/** A diff small enough for a page, cut at a line; `cut` says that there is more. */
export function cutDiff(diff: string): { diff: string; cut: boolean } {
  if (diff.length <= maxChars) return { diff, cut: false };
  return { diff: diff.slice(0, diff.lastIndexOf('\n', maxChars) + 1), cut: true };
}
