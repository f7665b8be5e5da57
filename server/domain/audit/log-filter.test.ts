import { describe, expect, test } from 'vitest';
import { filterTime, parseLogFilter } from './log-filter.ts';

const now = new Date('2026-11-28T12:00:00.000Z');

describe('a filter', () => {
  const none = { kind: [], actor: [], run: [], task: [], repo: [], log: [], after: [], before: [], text: [] };
  test.each([
    ['', none],
    ['  kind:approval.*  kind:run.ended ', { ...none, kind: ['approval.*', 'run.ended'] }],
    ['actor:ann@example.com deny', { ...none, actor: ['ann@example.com'], text: ['deny'] }],
    ['repo:"my repo" "two words" x', { ...none, repo: ['my repo'], text: ['two words', 'x'] }],
    ['"https://example.com"', { ...none, text: ['https://example.com'] }],
    ['after:2026-11-01T10:00:00Z task:#3', { ...none, after: ['2026-11-01T10:00:00Z'], task: ['#3'] }],
  ])('%j', (text, filter) => expect(parseLogFilter(text)).toEqual(filter));

  test('with a field that there is none of is refused, and says which there are', () => {
    expect(() => parseLogFilter('knid:x')).toThrow('There is no field knid. Fields are kind, actor, run');
  });
});

describe('a time', () => {
  test.each([
    ['7d', '2026-11-21T12:00:00.000Z'],
    ['90m', '2026-11-28T10:30:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01T10:00', '2026-11-01T10:00:00.000Z'],
    ['2026-11-01T10:00:00.5+02:00', '2026-11-01T08:00:00.500Z'],
  ])('%s', (value, at) => expect(filterTime(value, now).toISOString()).toBe(at));

  test.each(['yesterday', '2026-13-01', '7', '1', '2026-11-01T', ''])('%j is none', (value) =>
    expect(() => filterTime(value, now)).toThrow('is no time'),
  );
});
