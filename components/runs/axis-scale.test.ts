import { expect, test } from 'vitest';
import type { RunAxisView } from '../../server/domain/views/timeline-views.ts';
import { bucketAt, neighbour, panned, placeOf, seqAt, zoomed, type Zoom } from './axis-scale.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-22T12:00:00Z') + seconds * 1_000).toISOString();
const ms = (seconds: number) => Date.parse(at(seconds));
const bucket = (index: number, firstSeq: number, lastSeq: number) => ({
  ...{ index, firstSeq, lastSeq, turn: 1, messages: 1, tools: 1, failed: 0, costMicros: lastSeq, size: null },
});
const axis: RunAxisView = {
  ...{ from: at(0), to: at(100), first: at(0), last: at(100), buckets: 10, headSeq: 100 },
  filled: [bucket(0, 1, 50), bucket(7, 51, 51), bucket(9, 52, 100)],
};

test('a place leads to an event and an event to its place', () => {
  expect([0, 0.05, 0.3, 0.6, 0.75, 1].map((place) => seqAt(axis, place))).toEqual([1, 26, 50, 51, 51, 100]);
  for (const seq of [1, 26, 51, 52, 100]) expect(seqAt(axis, placeOf(axis, seq)!)).toBe(seq);
  expect(placeOf(axis, 101)).toBe(null);
  expect(seqAt({ ...axis, filled: [] }, 0.5)).toBe(null);
});

test('what had been spent at an event stands in its stretch or the last before it', () => {
  expect(bucketAt(axis, 30)?.costMicros).toBe(50);
  expect(bucketAt(axis, 200)?.costMicros).toBe(100);
});

test('the arrow keys go from stretch to stretch and stop at the ends', () => {
  expect([1, 50, 51, 60].map((seq) => neighbour(axis, seq, 1))).toEqual([51, 51, 52, 100]);
  expect([100, 52, 51, 20].map((seq) => neighbour(axis, seq, -1))).toEqual([51, 51, 50, 1]);
});

test('zooming keeps its place, stays within the run and ends at all of it', () => {
  const half = zoomed(null, axis, { factor: 0.5, around: 0.5 });
  expect(half).toEqual({ from: ms(25), to: ms(75) });
  expect(zoomed(half, axis, { factor: 2, around: 0.5 })).toBe(null);
  expect(zoomed(null, axis, { factor: 0.5, around: 0 })).toEqual({ from: ms(0), to: ms(50) });
  let zoom: Zoom = null;
  for (let n = 0; n < 60; n += 1) zoom = zoomed(zoom, axis, { factor: 0.5, around: 0.3 });
  expect(zoom!.to - zoom!.from).toBe(1_000);
});

test('panning stops at the ends', () => {
  const half = { from: ms(25), to: ms(75) };
  expect(panned(half, axis, 0.25)).toEqual({ from: ms(37.5), to: ms(87.5) });
  expect(panned(half, axis, 9)).toEqual({ from: ms(50), to: ms(100) });
  expect(panned(half, axis, -9)).toEqual({ from: ms(0), to: ms(50) });
  expect(panned(null, axis, 1)).toBe(null);
});
