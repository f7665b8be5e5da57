import { describe, expect, it } from 'vitest';
import { keptHeads } from './kept-heads.ts';
import { check, headAt, log, made } from './testing/sample-log.ts';

const heads = [0, 1, 2].map((n) => headAt(n));
const lines = (values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const forms: [string, string][] = [
  ['signed notes', heads.map(({ note }) => note).join('\n')],
  ['lines of a file of heads', lines(heads)],
  ['such lines with a line break before each', heads.map((head) => `\n${JSON.stringify(head)}\n`).join('')],
  ['an earlier export', lines(log)],
  ['bodies of a webhook’s messages', lines(heads.map((data) => ({ type: 'audit.head', timestamp: 'x', data })))],
  ['lines that Windows wrote', lines(heads).replaceAll('\n', '\r\n')],
  ['lines among others that are none', `{"type":"head"\n{"type":"head","note":5}\n{}\nnull\n${lines(heads)}{"a":`],
];

describe('heads that were kept as', () => {
  it.each(forms)('%s are all read, and hold a log to them', (_, text) => {
    const read = keptHeads(text).map((head) => (head.type === 'tree' ? head.size : null));
    expect(read).toEqual([5, 9, 12]);
    expect(check(log, { kept: text }).problems).toEqual([]);
    const forked = made({ change: { b1: 'another' } });
    expect(check(forked, { kept: text }).problems.length).toBeGreaterThan(0);
    expect(check(forked).problems).toEqual([]);
  });
});
