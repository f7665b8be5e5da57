import { describe, expect, test } from 'vitest';
import { fromHex, hex } from './bytes.ts';
import { canonicalBytes } from './canonical.ts';
import type { ExportedLine } from './exported-log.ts';
import { LogChecker } from './log-checker.ts';
import { nodeHashing } from './node-hashing.ts';
import { plainHashing } from './plain-hashing.ts';
import { check, eventAt, headAt, kept, key, log, rootOf, trailers } from './testing/sample-log.ts';

describe('a log as it was written', () => {
  const whole = { org: 'org_1', streams: 3, events: 12, heads: 3, keys: [key.key.name], problems: [] };

  test.each([
    ['with Node', nodeHashing],
    ['in plain code', plainHashing],
  ])('is whole %s', (_, hashing) => {
    expect(check(log, { hashing })).toMatchObject(whole);
    expect(check(log, { hashing, trusted: null })).toMatchObject(whole);
  });

  test.each([
    ['a note', kept],
    ['an earlier note', headAt(0).note],
    ['a merge’s trailers', trailers(1)],
    [
      'many of them, as git log prints them',
      `commit 1\n\n    Merge\n\n${trailers(0)}\ncommit 2\n\n    Merge\n\n${trailers(2)}`,
    ],
    ['size and root', `12:${hex(rootOf(2))}\n`],
    ['a bare root', hex(rootOf(1))],
    ['a bare hash of an event', eventAt('str_c', 1).hash],
  ])('goes on from %s that was kept', (_, text) => {
    const verdict = check(log, { kept: text });
    expect(verdict.kept).toBeGreaterThan(0);
    expect(verdict.problems).toEqual([]);
  });
});

describe('what is no log is refused', () => {
  const checker = () => new LogChecker({ hashing: nodeHashing });
  const [first, second] = log as [ExportedLine, ExportedLine];
  test.each<[string, ExportedLine[]]>([
    ['no beginning', [second]],
    ['two beginnings', [first, first]],
    ['something after the end', [first, log.at(-1) as ExportedLine, second]],
  ])('%s', (_, lines) => {
    const one = checker();
    expect(() => lines.forEach((line) => one.take(line))).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
  test('nothing', () => expect(() => checker().end()).toThrow('npx fleet export'));
});

test('bytes of any kind come through a line as they were', () => {
  const line = eventAt('str_b', 2);
  expect(line.payload).toBe(new TextDecoder().decode(canonicalBytes({ text: 'ä\u2028\u0000\ud800' })));
  expect(fromHex(line.hash)).toHaveLength(32);
});
