import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from './backoff.ts';
import { canonicalJson } from './canonical-json.ts';
import { parseMatch, parsePath, valueAt } from './dotted-path.ts';
import { sleepMs } from './duration.ts';
import { createSlots } from './slots.ts';

const now = new Date('2026-01-01T00:00:00Z');

describe('canonical JSON', () => {
  test.each([
    [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
    [{ '10': 1, '9': 2 }, '{"10":1,"9":2}'],
    [[undefined, { gone: undefined }], '[null,{}]'],
    ['\ud800', '"\\ud800"'],
  ])('%j', (value, text) => expect(canonicalJson(value)).toBe(text));

  test('reads back as what it was, and does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('dotted paths', () => {
  test.each([
    ['event.data.orgId', ['data', 'orgId']],
    [' event.name ', ['name']],
    ['event', null],
    ['data.orgId', null],
    ['event.data["orgId"]', null],
    ["event.data.a + '-' + event.data.b", null],
    ['event.data.', null],
    ['has(event.data.a)', null],
  ])('%s', (expression, path) => expect(parsePath(expression)).toEqual(path));

  test.each([
    ['event.data.id == async.data.id', { own: ['data', 'id'], other: ['data', 'id'] }],
    ['event.data.id==async.data.runId', { own: ['data', 'id'], other: ['data', 'runId'] }],
    ['async.data.id == event.data.id', null],
    ["async.data.id == 'x'", null],
    ['event.data.id == async.data.id && true', null],
  ])('%s', (expression, match) => expect(parseMatch(expression)).toEqual(match));

  test.each([
    [{ data: { id: 1 } }, 1],
    [{ data: { id: null } }, null],
    [{ data: 'text' }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('data.id of %j', (event, value) => expect(valueAt(event, ['data', 'id'])).toBe(value));

  test('nothing is inherited', () => expect(valueAt({ data: {} }, ['data', 'constructor'])).toBeUndefined());
});

describe('backoff', () => {
  const curve = { baseMs: 1000, capMs: 60_000 };
  test.each([
    [0, 0, 500],
    [0, 1, 1000],
    [3, 0.5, 6000],
    [5, 1, 32_000],
    [6, 1, 60_000],
    [1000, 1, 60_000],
  ])('failure %i drawn at %d', (failures, random, ms) => expect(backoffMs(failures, curve, random)).toBe(ms));

  test.each([
    [undefined, null],
    ['', null],
    ['soon', null],
    ['0', 0],
    ['90', 90_000],
    ['2026-01-01T00:00:05Z', 5000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['2025-12-31T00:00:00Z', 0],
  ])('retry-after %j', (header, ms) => expect(retryAfterMs(header, now)).toBe(ms));
});

test.each([
  ['', 0],
  ['1s', 1000],
  ['1w2d3h4m5s', 788_645_000],
  ['90m', 5_400_000],
  ['2026-01-01T00:00:10.000Z', 10_000],
  ['2025-01-01T00:00:00.000Z', 0],
  ['5 minutes', null],
  ['1s1h', null],
  ['2026-99-01T00:00:00Z', null],
])('sleep %j', (text, ms) => expect(sleepMs(text, now)).toBe(ms));

describe('slots', () => {
  const all = (limit: number) => ({ name: 'all', limit, keyed: false });
  const org = (name: string, limit = 1) => ({ name, limit, keyed: true });

  test('the oldest that fits is granted on release', () => {
    const slots = createSlots();
    const two = all(2);
    expect(slots.acquire('a1', [two, org('a')])).toBe(true);
    expect(slots.acquire('b1', [two, org('b')])).toBe(true);
    expect(slots.acquire('a2', [two, org('a')])).toBe(false);
    expect(slots.acquire('c1', [two, org('c')])).toBe(false);
    expect(slots.release('b1')).toEqual(['c1']);
    expect(slots.acquire('c1', [two, org('c')])).toBe(true);
    expect(slots.counts()).toEqual({ running: 2, parked: 1 });
    expect(slots.release('a1')).toEqual(['a2']);
    expect(slots.release('nobody')).toEqual([]);
  });

  test('whose key runs least is granted first, and of those that run alike whose turn is longest ago', () => {
    const slots = createSlots();
    const asks = (id: string) => slots.acquire(id, [all(1), org(id[0]!, 9)]);
    expect(asks('a1')).toBe(true);
    for (const id of ['a2', 'a3', 'b1', 'b2', 'c1']) expect(asks(id)).toBe(false);
    const order = [];
    for (let id = slots.release('a1')[0]; id !== undefined; id = slots.release(id)[0]) order.push(id);
    expect(order).toEqual(['b1', 'c1', 'a2', 'b2', 'a3']);
  });

  test('a tenth of the places is left to keys with nothing running', () => {
    const slots = createSlots();
    const asks = (id: string) => slots.acquire(id, [all(20), org(id[0]!, 20)]);
    const busy = Array.from({ length: 20 }, (_, n) => `${'abc'[n % 3]}${n}`);
    expect(busy.filter(asks)).toHaveLength(18);
    expect(asks('d1')).toBe(true);
    expect(asks('d2')).toBe(false);
    expect(asks('e1')).toBe(true);
    expect(slots.counts()).toEqual({ running: 20, parked: 3 });
  });

  test('no limit is ever passed, and everybody gets in', () => {
    const request = fc.record({ group: fc.constantFrom('x', 'y', 'z'), first: fc.boolean() });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 40 }), (requests) => {
        const slots = createSlots();
        const running: string[] = [];
        const groupOf = (id: string) => id.split(' ')[0];
        const check = () => {
          expect(running.length).toBeLessThanOrEqual(3);
          for (const group of ['x', 'y', 'z'])
            expect(running.filter((id) => groupOf(id) === group).length).toBeLessThan(3);
        };
        requests.forEach(({ group, first }, index) => {
          const id = `${group} ${index}`;
          if (slots.acquire(id, [all(3), org(group, 2)])) running.push(id);
          const leaving = first ? running.shift() : undefined;
          if (leaving !== undefined) running.push(...slots.release(leaving));
          check();
        });
        let done = 0;
        for (let id = running.shift(); id !== undefined; id = running.shift(), done++) {
          running.push(...slots.release(id));
          check();
        }
        expect(slots.counts()).toEqual({ running: 0, parked: 0 });
      }),
    );
  });
});
