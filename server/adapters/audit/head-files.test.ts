import { appendFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { keptHeads } from '../../domain/audit/kept-heads.ts';
import { scratchFolder } from '../../testing/scratch-folder.ts';
import { headFiles } from './head-files.ts';

const root = Buffer.alloc(32, 7).toString('base64');
const note = (size: number) => `fleet-audit/org_1\n${size}\n${root}\n\n— k ${Buffer.alloc(68, 1).toString('base64')}\n`;
const sizes = (text: string) => keptHeads(text).map((head) => (head.type === 'tree' ? head.size : null));

it('adds each head behind the others, and knows after a start which was the last', async () => {
  const folder = path.join(scratchFolder(), 'heads');
  const files = headFiles(folder);
  expect(await files.lastSize('org_1')).toBe(0);
  for (const size of [3, 7]) await files.keep('org_1', note(size));
  const file = path.join(folder, 'org_1.jsonl');
  expect(sizes(readFileSync(file, 'utf8'))).toEqual([3, 7]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await files.lastSize('org_1')).toBe(7);
  expect(await headFiles(folder).lastSize('org_1')).toBe(7);
  expect(await headFiles(folder).lastSize('org_2')).toBe(0);
});

it('loses no head to what a crash left of the line before', async () => {
  const folder = path.join(scratchFolder(), 'heads');
  mkdirSync(folder);
  const file = path.join(folder, 'org_1.jsonl');
  appendFileSync(file, JSON.stringify({ type: 'head', note: note(3) }).slice(0, -9));
  const files = headFiles(folder);
  expect(await files.lastSize('org_1')).toBe(0);
  await files.keep('org_1', note(5));
  expect(sizes(readFileSync(file, 'utf8'))).toEqual([5]);
});

it('writes nowhere else', async () => {
  await expect(headFiles(scratchFolder()).keep('../x', note(1))).rejects.toMatchObject({ code: 'invalid_input' });
});
