/** `50, 80, 100` as numbers; what is no number stays one that is refused. */
export function levelsIn(text: string): number[] {
  return text
    .split(/[\s,;%]+/)
    .filter((part) => part !== '')
    .map(Number);
}
