import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measure, print, type Row, type RowResult } from './harness.ts';
import { sandboxRow } from './rows/sandbox.ts';
import { startRow } from './rows/start.ts';
import { turnRow } from './rows/turn.ts';
import { workspaceRow } from './rows/workspace.ts';

const rows: Row[] = [turnRow, startRow, sandboxRow, workspaceRow];

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
const unknown = positionals.filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  process.stderr.write(`No row ${unknown.join(', ')}. There are: ${rows.map(({ name }) => name).join(', ')}.\n`);
  process.exit(2);
}

const results: RowResult[] = [];
for (const row of rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  const result = await measure(row);
  print(row, result);
  results.push(result);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);
