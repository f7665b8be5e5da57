import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkFile } from './check-file.ts';
import { parseVerifierKey } from './checkpoint.ts';
import { keptHeads } from './kept-heads.ts';
import { nodeHashing } from './node-hashing.ts';
import { plainHashing } from './plain-hashing.ts';

// A log as it was exported once, with actors of all types and an erased event. It never changes, and neither may what is said of it.

const log = join(import.meta.dirname, 'golden', 'log.jsonl');
const key = 'fleet-audit/a6138c40487e1f8f+244a9faa+ATJSszmfCVf49QAFDiXqVnmVzOMwsxfjehSj2vclZwzf';
const root = '401ef916026317d075fbaa46820d60359d4989337571855be5e2ff4dbdc7e36a';

it.each([
  ['with Node', nodeHashing],
  ['in plain code', plainHashing],
])('a log that was exported once is whole for ever, %s', async (_, hashing) => {
  const trusted = parseVerifierKey(nodeHashing.sha256, key);
  const options = { hashing, keys: trusted ? [trusted] : [], kept: keptHeads(`12:${root}`) };
  const verdict = await checkFile(createReadStream(log), options);
  expect(verdict).toMatchObject({ problems: [], events: 12, streams: 2, heads: 2, erased: 1, kept: 1, root });
});
