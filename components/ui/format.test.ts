import { expect, test } from 'vitest';
import { bytes, distance, duration, limit, millis, money, plural } from './format.ts';

test('money shows cents, and more where a cent would hide it', () => {
  expect([0, 4_200, 10_000, 412_340, 1_234_567_890].map(money)).toEqual([
    '$0.00',
    '$0.0042',
    '$0.01',
    '$0.41',
    '$1,234.57',
  ]);
});

test('durations use at most two units', () => {
  expect([-3, 0, 59.9, 60, 3599, 3600, 90_061].map(duration)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min 00 s',
    '59 min 59 s',
    '1 h 00 min',
    '25 h 01 min',
  ]);
  expect([45, 1_800, 3_600, 5_400].map(limit)).toEqual(['45 s', '30 min', '1 h', '1 h 30 min']);
  expect([0, 12.4, 999, 1_000, 9_949, 61_000].map(millis)).toEqual([
    '0 ms',
    '12 ms',
    '999 ms',
    '1.0 s',
    '9.9 s',
    '1 min 01 s',
  ]);
});

test('a moment is told by its distance, before and after now', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  const at = (seconds: number) => distance(now + seconds * 1000, now);
  expect([-3, -59, -60, -3_700, -86_400, -200_000, 3_500].map(at)).toEqual([
    'just now',
    '59 s ago',
    '1 min ago',
    '1 h ago',
    '1 day ago',
    '2 days ago',
    'in 58 min',
  ]);
});

test('one is one, everything else many', () => {
  expect([0, 1, 1200].map((value) => plural(value, 'file'))).toEqual(['0 files', '1 file', '1,200 files']);
  expect([0, 1023, 1536, 3 * 1024 * 1024].map(bytes)).toEqual(['0 B', '1023 B', '1.5 KB', '3.0 MB']);
});
