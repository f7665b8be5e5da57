/** A row whose figures are no times: shares, ratios and counts that a seed gives alike on every machine. */
export type FigureRow = { name: string; work: string; measure(): Promise<FigureResult> };

export type FigureResult = {
  row: string;
  seed: number;
  figures: { name: string; value: string }[];
  targets: { what: string; value: number; limit: number; atLeast?: boolean; met: boolean }[];
};

export function printFigures({ name, work }: FigureRow, { seed, figures, targets }: FigureResult): void {
  const out = (line: string) => process.stdout.write(`${line}\n`);
  out(`\n${name}: ${work} (seed ${seed})`);
  for (const figure of figures) out(`  ${figure.name.padEnd(32)} ${figure.value}`);
  for (const { what, value, limit, atLeast, met } of targets) {
    const shown = Number.isInteger(value) ? String(value) : value.toFixed(3);
    out(`  ${met ? '✓' : '✗'} ${what}: ${shown} (target ${atLeast ? '≥' : '≤'} ${limit})`);
  }
}
