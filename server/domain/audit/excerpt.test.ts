import { describe, expect, test } from 'vitest';
import { fromHex, hex } from './bytes.ts';
import type { ExportedLine, LineOf } from './exported-log.ts';
import { fileChecker } from './file-checker.ts';
import { keptHeads } from './kept-heads.ts';
import { growingTree, leafHash, subtreesBetween } from './merkle.ts';
import { nodeHashing } from './node-hashing.ts';
import { plainHashing } from './plain-hashing.ts';
import { madeLog } from './testing/made-log.ts';
import { headAt, isEvent, key, log, other, rootOf } from './testing/sample-log.ts';

const { sha256 } = nodeHashing;
const events = log.filter(isEvent);
const total = events.length;
type Event = LineOf<'event'>;

const nodeOf = ({ level, index }: { level: number; index: number }) => {
  const tree = growingTree(sha256);
  for (const { hash } of events.slice(index * 2 ** level, (index + 1) * 2 ** level)) {
    tree.append(leafHash(sha256, fromHex(hash)));
  }
  return hex(tree.root());
};
const omitted = (from: number, to: number): ExportedLine[] =>
  from < to ? [{ type: 'omitted', from, to, nodes: subtreesBetween(from, to).map(nodeOf) }] : [];

function excerptOf(keep: (event: Event) => boolean): ExportedLine[] {
  const lines: ExportedLine[] = [{ type: 'excerpt', v: 1, org: 'org_1', keys: [key.line], filter: 'x' }];
  let open = 0;
  for (const event of events.filter(keep)) {
    lines.push(...omitted(open, event.leaf), event);
    open = event.leaf + 1;
  }
  return [...lines, ...omitted(open, total), headAt(2), { type: 'end', events: total }];
}

function check(lines: ExportedLine[], { kept = '', by = key, hashing = nodeHashing } = {}) {
  const checker = fileChecker({ hashing, keys: [by.key], kept: keptHeads(kept) });
  for (const line of lines) checker.take(line);
  return checker.end();
}

describe('an excerpt', () => {
  test.each([
    ['of one stream', (event: Event) => event.stream === 'str_b', 4],
    ['of every second event', ({ leaf }: Event) => leaf % 2 === 1, 6],
    ['of the first', ({ leaf }: Event) => leaf === 0, 1],
    ['of the last', ({ leaf }: Event) => leaf === total - 1, 1],
    ['of all', () => true, total],
    ['of none', () => false, 0],
  ])('%s is sound', (_, keep, count) => {
    for (const hashing of [nodeHashing, plainHashing]) {
      const verdict = check(excerptOf(keep), { hashing });
      expect(verdict).toMatchObject({ problems: [], events: count, root: hex(rootOf(2)) });
      expect(verdict.excerpt).toEqual({ filter: 'x', omitted: total - count });
    }
  });

  test('is held to a head that was kept of its size, and to no other', () => {
    const lines = excerptOf(({ leaf }) => leaf < 3);
    expect(check(lines, { kept: headAt(2).note }).problems).toEqual([]);
    expect(check(lines, { kept: `${total}:${'0'.repeat(64)}` }).problems).toMatchObject([
      { tampering: 'kept-head-differs' },
    ]);
    expect(check(lines, { kept: headAt(0).note }).problems).toMatchObject([{ tampering: 'kept-head-unknown' }]);
  });

  const some = excerptOf(({ stream }) => stream === 'str_a');
  const first = some.findIndex(isEvent);
  const last = some.findLastIndex(isEvent);
  const gap = some.findIndex(({ type }) => type === 'omitted');
  const change = (at: number, over: object) => some.with(at, { ...some[at], ...over } as ExportedLine);
  const ended = (count: number): ExportedLine => ({ type: 'end', events: count });
  // A stream that the signed log never had, sound in itself.
  const forged = madeLog({ key, seals: [[{ stream: 'str_x', payloads: [{ text: 'forged' }] }]] });
  const grown = [...forged].filter(isEvent).map((event): ExportedLine => ({ ...event, leaf: total }));
  const beyond: ExportedLine = { type: 'omitted', from: total, to: total + 1, nodes: ['ab'.repeat(32)] };
  test.each<[string, ExportedLine[], string]>([
    ['a payload edited', change(first, { payload: '{}' }), 'payload-changed'],
    ['a time edited', change(first, { at: '2026-01-01T00:00:00.000Z' }), 'copy-changed'],
    ['an event put in the place of another', change(last, { ...(some[first] as Event) }), 'repeated'],
    ['an event dropped', some.toSpliced(first, 1), 'leaves-missing'],
    ['a gap dropped', some.toSpliced(gap, 1), 'leaves-missing'],
    [
      'another log within a gap',
      change(gap, { nodes: (some[gap] as LineOf<'omitted'>).nodes.map(() => 'ab'.repeat(32)) }),
      'root-differs',
    ],
    ['an earlier head', some.map((line) => (line.type === 'head' ? headAt(1) : line)), 'head-misplaced'],
    ['no head', some.filter(({ type }) => type !== 'head'), 'unsigned'],
    ['events of its own behind the last head', [...some.slice(0, -1), ...grown, ended(total + 1)], 'unsigned'],
    ['a gap behind the last head', [...some.slice(0, -1), beyond, ended(total + 1)], 'unsigned'],
    ['its end cut off', some.slice(0, -1), 'cut-off'],
  ])('with %s is found out', (_, lines, tampering) => {
    expect(check(lines).problems[0]).toMatchObject({ tampering });
  });

  test('signed by another key is found out', () => {
    expect(check(some, { by: other }).problems).toMatchObject([{ tampering: 'head-key-unknown' }]);
  });

  test.each<[string, ExportedLine[]]>([
    ['a gap of no width', change(gap, { to: 0 })],
    ['a gap that lacks hashes', change(gap, { nodes: [] })],
    [
      'a line of a whole log',
      [...some.slice(0, 1), { type: 'stream', stream: 's', kind: 'run', subject: 'x', seq: 0, hash: 'a' }],
    ],
    ['two beginnings', [...some.slice(0, 1), ...some]],
    ['something after the end', [...some, ...some.slice(1, 2)]],
    ['an excerpt within a log', [...log.slice(0, 1), ...some]],
  ])('%s is refused', (_, lines) => {
    expect(() => check(lines)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
