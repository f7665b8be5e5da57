import { expect, test } from 'vitest';
import type { EventView } from '../../server/domain/views/views.ts';
import { emptyLog, firstOf, isAtEnd, itemAt, lastOf, reduceLog, turnAt, type RunLog } from './run-log.ts';

/** Event `seq` of a log whose turns have five events each. */
function event(seq: number): EventView {
  const turn = Math.ceil(seq / 5);
  const place = {
    streamId: 's',
    seq,
    at: '2026-11-22T12:00:00.000Z',
    actor: { type: 'system', reason: 't' },
    hash: '',
  } as const;
  if (seq % 5 === 1)
    return { ...place, kind: 'model.called', payload: { turn, model: 'm', maxTokens: 1, reservedMicros: 1 } };
  return { ...place, kind: 'message.added', payload: { source: 'platform', text: `${seq}` } };
}

const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => event(from + n));
const page = (log: RunLog, from: number, to: number, join: 'replace' | 'older' | 'newer' = 'replace') =>
  reduceLog(log, { type: 'page', events: span(from, to), headSeq: 100_000, join });
const live = (log: RunLog, from: number, to: number, following = true) =>
  reduceLog(log, { type: 'live', events: span(from, to), following });
const ends = (log: RunLog) => [firstOf(log), lastOf(log)];
const gapless = ({ events }: RunLog) => events.every(({ seq }, n) => seq === events[0]!.seq + n);

test('a page in the middle of a long run ends before a turn of which there is more', () => {
  const log = page(emptyLog, 501, 703);
  expect(ends(log)).toEqual([501, 700]);
  expect(isAtEnd(log)).toBe(false);
  expect(log.facts.lastSeq).toBe(100_000);
});

test('older and newer pages join on, and what does not join is left away', () => {
  let log = page(emptyLog, 501, 700);
  log = page(log, 301, 500, 'older');
  log = page(log, 696, 900, 'newer');
  expect(ends(log)).toEqual([301, 895]);
  expect(gapless(log)).toBe(true);
  expect(ends(page(log, 101, 200, 'older'))).toEqual([301, 895]);
  expect(ends(page(log, 1_001, 1_200, 'newer'))).toEqual([301, 895]);
});

test('however far one scrolls, no more than 1,600 events are held', () => {
  let down = page(emptyLog, 1, 200);
  for (let at = 200; at < 20_000; at = lastOf(down)) down = page(down, at + 1, at + 200, 'newer');
  expect(down.events.length).toBeLessThanOrEqual(1_600);
  expect(gapless(down) && firstOf(down) % 5).toBe(1);
  let up = page(emptyLog, 50_001, 50_200);
  for (let at = 50_001; at > 40_000; at = firstOf(up)) up = page(up, at - 200, at - 1, 'older');
  expect(up.events.length).toBeLessThanOrEqual(1_600);
  expect(gapless(up) && lastOf(up) % 5).toBe(0);
});

test('what comes live is shown at the end, is counted elsewhere, and fills in a page that came late', () => {
  const atEnd = page(emptyLog, 99_901, 100_000);
  expect(ends(live(atEnd, 100_001, 100_010))).toEqual([99_901, 100_010]);
  const elsewhere = live(page(emptyLog, 501, 700), 100_001, 100_010);
  expect(ends(elsewhere)).toEqual([501, 695]);
  expect(elsewhere.facts.lastSeq).toBe(100_010);
  const late = live(reduceLog(emptyLog, { type: 'digest', events: [], headSeq: 100_000 }), 100_001, 100_005);
  expect(ends(page(late, 99_901, 100_000))).toEqual([99_901, 100_005]);
  const told = live(atEnd, 100_001, 100_010);
  expect(live(told, 99_990, 100_010)).toBe(told);
});

test('what a page knew to be there is still taken when it comes live', () => {
  const opened = reduceLog(emptyLog, { type: 'digest', events: [], headSeq: 200 });
  const shown = reduceLog(opened, { type: 'page', events: span(1, 200), headSeq: 200, join: 'replace' });
  const ahead = reduceLog(shown, { type: 'page', events: [], headSeq: 210, join: 'older' });
  const plan = { ...event(205), kind: 'plan.updated' as const, payload: { items: [{ text: 'p', status: 'doing' }] } };
  const came = reduceLog(ahead, {
    type: 'live',
    events: [...span(201, 204), plan as EventView, ...span(206, 211)],
    following: true,
  });
  expect(ends(came)).toEqual([1, 211]);
  expect(isAtEnd(came)).toBe(true);
  expect(came.facts.plan).toHaveLength(1);
});

test('a run followed for hours gives up its beginning; one that is read further up keeps it', () => {
  let followed = page(emptyLog, 99_801, 100_000);
  let read = followed;
  for (let at = 100_001; at < 104_000; at += 100) {
    followed = live(followed, at, at + 99);
    read = live(read, at, at + 99, false);
  }
  expect(lastOf(followed)).toBe(104_000);
  expect(followed.events.length).toBeLessThanOrEqual(1_600);
  expect(firstOf(read)).toBe(99_801);
  expect(read.events.length).toBeLessThanOrEqual(1_600);
  expect(read.facts.lastSeq).toBe(104_000);
  expect(gapless(followed) && gapless(read)).toBe(true);
});

test('an event is found in the item that it belongs to', () => {
  const { shown } = page(emptyLog, 501, 700);
  expect(shown.items[itemAt(shown, 506)]).toMatchObject({ type: 'turn', turn: 102 });
  expect(shown.items[itemAt(shown, 508)]).toMatchObject({ type: 'note', seq: 508 });
  expect(turnAt(shown, 508)).toBe(102);
  expect(itemAt(shown, 3)).toBe(-1);
  expect(turnAt(shown, 3)).toBe(null);
});
