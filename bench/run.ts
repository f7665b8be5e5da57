import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printFigures, type FigureResult } from './figures.ts';
import { measure, print, type Row, type RowResult } from './harness.ts';
import { appendRow } from './rows/append.ts';
import { boardRow } from './rows/board.ts';
import { cacheRow } from './rows/cache.ts';
import { isolationRow } from './rows/isolation.ts';
import { policyRow } from './rows/policy.ts';
import { redactRow } from './rows/redact.ts';
import { sandboxRow } from './rows/sandbox.ts';
import { startRow } from './rows/start.ts';
import { streamRow } from './rows/stream.ts';
import { turnRow } from './rows/turn.ts';
import { verifyRow } from './rows/verify.ts';
import { workspaceRow } from './rows/workspace.ts';

const rows: Row[] = [turnRow, startRow, appendRow, sandboxRow, workspaceRow, isolationRow];
const figureRows = [cacheRow, verifyRow, redactRow, policyRow, streamRow, boardRow];
const all = [...rows, ...figureRows].map(({ name }) => name);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const unknown = positionals.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`No row ${unknown.join(', ')}. There are: ${all.join(', ')}.\n`);
  process.exit(2);
}

const chosen = ({ name }: { name: string }) => positionals.length === 0 || positionals.includes(name);
const results: (RowResult | FigureResult)[] = [];
for (const row of rows.filter(chosen)) {
  const result = await measure(row);
  print(row, result);
  results.push(result);
}
for (const row of figureRows.filter(chosen)) {
  const result = await row.measure();
  printFigures(row, result);
  results.push(result);
}
if (results.some(({ targets }) => targets.some(({ met }) => !met))) {
  process.stdout.write(
    '\nWhy a target is missed, and the last figures of a quiet machine: docs/operate/benchmarks.md\n',
  );
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
