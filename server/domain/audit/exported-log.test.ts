import { describe, expect, test } from 'vitest';
import { chainEvent, chainStart, hex } from './chain.ts';
import type { ChainedEvent } from './chain.ts';
import { exportChecker, exportedEvent, exportedLine } from './exported-log.ts';
import type { ExportedLine } from './exported-log.ts';

const org = 'org_1';
const actor = { type: 'system', reason: 'test' } as const;

function streamOf(stream: string, payloads: unknown[]): ExportedLine[] {
  const events: ChainedEvent[] = [];
  for (const payload of payloads) {
    const salt = new Uint8Array(16).fill(events.length + 1);
    const head = events.at(-1) ?? chainStart;
    const at = new Date(Date.UTC(2026, 10, 20));
    events.push(chainEvent({ org, stream, head }, { kind: 'message', at, actor, payload, salt }));
  }
  const head = events.at(-1) ?? chainStart;
  return [
    { type: 'head', org, stream, seq: head.seq, hash: hex(head.hash) },
    ...events.map((event) => exportedEvent(stream, event)),
  ];
}

function check(lines: ExportedLine[]) {
  const checker = exportChecker();
  for (const line of lines) checker.take(exportedLine.parse(JSON.parse(JSON.stringify(line))));
  return checker.end();
}

const log = () => [
  ...streamOf('str_a', [{ text: 'ä\u2028\u0000' }, 2, 3]),
  ...streamOf('str_b', [1]),
  ...streamOf('str_c', []),
];
type EventLine = Extract<ExportedLine, { type: 'event' }>;
const eventAt = (lines: ExportedLine[], index: number) => lines[index] as EventLine;

test('a log as it was written is whole', () => {
  expect(check(log())).toEqual({ streams: 3, events: 4, problems: [] });
});

describe('what was done to a log is found, and where', () => {
  test.each<[string, (lines: ExportedLine[]) => ExportedLine[], { stream: string; seq: number; problem: string }]>([
    [
      'a payload changed',
      (lines) => lines.with(2, { ...eventAt(lines, 2), payload: '22' }),
      { stream: 'str_a', seq: 2, problem: 'its payload was changed' },
    ],
    [
      'a header changed',
      (lines) => lines.with(2, { ...eventAt(lines, 2), header: eventAt(lines, 2).header.replace('test', 'tess') }),
      { stream: 'str_a', seq: 2, problem: 'its header was changed' },
    ],
    ['an event left out', (lines) => lines.toSpliced(2, 1), { stream: 'str_a', seq: 2, problem: 'is missing' }],
    ['the end cut off', (lines) => lines.toSpliced(3, 1), { stream: 'str_a', seq: 3, problem: 'is missing' }],
    [
      'moved to another stream',
      (lines) => lines.with(5, { ...eventAt(lines, 1), stream: 'str_b' }),
      { stream: 'str_b', seq: 1, problem: 'was written as event 1 of stream str_a' },
    ],
    [
      'no head',
      (lines) => lines.toSpliced(4, 1),
      { stream: 'str_b', seq: 1, problem: 'belongs to a stream whose head is not in the file' },
    ],
  ])('%s', (_, spoil, problem) => {
    expect(check(spoil(log())).problems).toEqual([problem]);
  });
});
