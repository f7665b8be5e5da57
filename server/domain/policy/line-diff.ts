type DiffLine = { kind: 'same' | 'added' | 'removed'; text: string };

const mostCells = 4_000_000;

const linesOf = (text: string) => (text === '' ? [] : text.split('\n'));

/** Two texts line by line: what stayed, what is new, what is gone. Very long texts are shown as replaced whole. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  if (old.length * fresh.length > mostCells) {
    return [
      ...old.map((text) => ({ kind: 'removed' as const, text })),
      ...fresh.map((text) => ({ kind: 'added' as const, text })),
    ];
  }
  const common = commonLengths(old, fresh);
  const lines: DiffLine[] = [];
  let [at, to] = [0, 0];
  while (at < old.length || to < fresh.length) {
    if (at < old.length && to < fresh.length && old[at] === fresh[to]) {
      lines.push({ kind: 'same', text: old[at]! });
      at += 1;
      to += 1;
    } else if (to === fresh.length || (at < old.length && common[at + 1]![to]! >= common[at]![to + 1]!)) {
      lines.push({ kind: 'removed', text: old[at]! });
      at += 1;
    } else {
      lines.push({ kind: 'added', text: fresh[to]! });
      to += 1;
    }
  }
  return lines;
}

/** How many lines the rests of both have in common, for each two places to begin at. */
function commonLengths(old: readonly string[], fresh: readonly string[]): number[][] {
  const lengths = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
  for (let at = old.length - 1; at >= 0; at -= 1) {
    for (let to = fresh.length - 1; to >= 0; to -= 1) {
      lengths[at]![to] =
        old[at] === fresh[to] ? lengths[at + 1]![to + 1]! + 1 : Math.max(lengths[at + 1]![to]!, lengths[at]![to + 1]!);
    }
  }
  return lengths;
}
