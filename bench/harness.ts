/** One thing that is timed. `block` does `operations` of them and returns each one's milliseconds. */
export type Contestant = {
  name: string;
  /** How many a block has, where the row's number would take this one too long or too short. */
  operations?: number;
  block(operations: number): Promise<number[]>;
};

/** Takes what ends something that was opened. All of them run when the row is done or broke, the last one first. */
export type Closing = (close: () => Promise<unknown>) => void;

export type Target = {
  what: string;
  /** Which contestant is divided by which: the median over all rounds of one block's median by the other's. */
  over: string;
  under: string;
  /** Compares this quantile of all samples instead, such as 0.99. */
  quantile?: number;
  /** The ratio must be at most (or, where `atLeast`, at least) this. */
  limit: number;
  atLeast?: boolean;
};

/** What is no time against another: a count of leaks, a share. Looked at when all blocks have run. */
export type Figure = { what: string; value: number; unit: string; limit: number; atLeast?: boolean };

export type Row = {
  name: string;
  work: string;
  operations: number;
  open(
    closing: Closing,
  ): Promise<{ contestants: Contestant[]; notes: string[]; figures?: (timed: Figures[]) => Promise<Figure[]> }>;
  targets: Target[];
};

export type Figures = { contestant: string; medianMs: number; p99Ms: number; blocks: number[]; samples: number[] };
export type RowResult = {
  row: string;
  figures: Figures[];
  targets: (Target & { ratio: number; ratios: number[]; met: boolean })[];
  measured: (Figure & { met: boolean })[];
  notes: string[];
};

/** Blocks a contestant is measured in; one more is run first and thrown away. */
const measuredBlocks = 6;

export function quantile(values: number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.ceil((sorted.length - 1) / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** Interleaves as A B, B A, A B … so that a machine that drifts drifts for everyone. */
export async function measure(row: Row): Promise<RowResult> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const { contestants, notes, figures } = await row.open((close) => closers.push(close));
    const blocks = await interleave(row, contestants);
    const timed = contestants.map(({ name }) => figuresOf(name, blocks.get(name) ?? []));
    const measured = ((await figures?.(timed)) ?? []).map((figure) => ({
      ...figure,
      met: isMet(figure.value, figure),
    }));
    return { row: row.name, figures: timed, targets: judge(row, timed), measured, notes };
  } finally {
    for (const close of closers.toReversed()) await close();
  }
}

async function interleave(row: Row, contestants: Contestant[]): Promise<Map<string, number[][]>> {
  const blocks = new Map<string, number[][]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= measuredBlocks; round += 1) {
    const order = round % 2 === 0 ? contestants : contestants.toReversed();
    for (const { name, operations = row.operations, block } of order) {
      const samples = await block(operations);
      if (round > 0) blocks.get(name)?.push(samples);
    }
  }
  return blocks;
}

/**
 * Several figures of the same operations, a contestant each. They stand side by side in every round, so whichever comes
 * first runs the block and the others read it.
 */
export function readings<T>(
  run: (operations: number) => Promise<T[]>,
  figures: Record<string, (seen: T) => number>,
): Contestant[] {
  const names = Object.keys(figures);
  let seen: T[] = [];
  let read = new Set<string>();
  return names.map((name) => ({
    name,
    async block(operations) {
      if (read.size === 0) seen = await run(operations);
      read.add(name);
      if (read.size === names.length) read = new Set();
      return seen.map((one) => figures[name]?.(one) ?? Number.NaN);
    },
  }));
}

function isMet(value: number, { limit, atLeast }: { limit: number; atLeast?: boolean }): boolean {
  return atLeast ? value >= limit : value <= limit;
}

function judge(row: Row, figures: Figures[]): RowResult['targets'] {
  const of = (name: string) => figures.find(({ contestant }) => contestant === name);
  return row.targets.map((target) => {
    const ratios = ratiosOf(target, of(target.over), of(target.under));
    const ratio = median(ratios);
    return { ...target, ratio, ratios, met: isMet(ratio, target) };
  });
}

function ratiosOf({ quantile: q }: Target, over?: Figures, under?: Figures): number[] {
  if (q !== undefined) return [quantile(over?.samples ?? [], q) / quantile(under?.samples ?? [], q)];
  // Within one round the machine is the same for both, over all of them it is not.
  return (over?.blocks ?? []).map((block, round) => block / (under?.blocks[round] ?? Number.NaN));
}

function figuresOf(contestant: string, blocks: number[][]): Figures {
  const medians = blocks.map((samples) => median(samples));
  return {
    contestant,
    medianMs: median(medians),
    p99Ms: quantile(blocks.flat(), 0.99),
    blocks: medians,
    samples: blocks.flat(),
  };
}

export function print(row: Row, result: RowResult): void {
  const out = (line: string) => process.stdout.write(`${line}\n`);
  out(`\n${row.name}: ${row.work} (${row.operations} a block, ${measuredBlocks} blocks)`);
  for (const { contestant, medianMs, p99Ms } of result.figures) {
    out(
      `  ${contestant.padEnd(44)} median ${medianMs.toFixed(2).padStart(9)} ms   p99 ${p99Ms.toFixed(2).padStart(9)} ms`,
    );
  }
  for (const { what, ratio, limit, atLeast, met } of result.targets) {
    out(`  ${met ? '✓' : '✗'} ${what}: ${ratio.toFixed(2)}× (target ${atLeast ? '≥' : '≤'} ${limit}×)`);
  }
  for (const { what, value, unit, limit, atLeast, met } of result.measured) {
    out(
      `  ${met ? '✓' : '✗'} ${what}: ${Number(value.toFixed(4))} ${unit} (target ${atLeast ? '≥' : '≤'} ${limit} ${unit})`,
    );
  }
  for (const note of result.notes) out(`  ${note}`);
}
