import { expect, test } from 'vitest';
import { compareListings, isTreePath, readListing, restoreModes } from './tree-listing.ts';

const most = { entries: 10, bytes: 1000 };
const bytes = (...entries: [string, string][]) =>
  Buffer.from(entries.map(([head, path]) => `${head}\0${path}\0`).join(''), 'latin1');
const file = (size: number, change = '2.0') => `f 644 ${size} 1.5 ${change} `;

test('entries are read whatever bytes their names are made of, parents first', () => {
  const listing = readListing(
    bytes([file(3), 'd/-rf\n\xff'], ['d 755 0 1.0 1.0 ', 'd'], ['l 777 1 1.0 1.0 ../a b', 'l']),
    most,
  );
  expect([...listing.keys()]).toEqual(['d', 'd/-rf\n\xff', 'l']);
  expect(listing.get('l')).toMatchObject({ kind: 'link', target: '../a b' });
  expect(listing.get('d/-rf\n\xff')).toMatchObject({ kind: 'file', mode: 0o644, size: 3, mtime: 1.5 });
});

test.each(['', '/etc', '..', '../x', 'a/../../x', 'a//b', './a', 'a/'])('%j is no place in a tree', (path) => {
  expect(isTreePath(path)).toBe(false);
  expect(() => readListing(bytes([file(1), path]), most)).toThrow(/not taken over/u);
});

test.each([
  ['cut short', bytes([file(1), 'a']).subarray(0, -1)],
  ['no place', bytes(['p 644 0 1.0 1.0 ', 'fifo'])],
  ['no place', bytes(['f 644 x 1.0 1.0 ', 'a'])],
  ['one place twice', bytes([file(1), 'a'], ['l 777 1 1.0 1.0 .. ', 'a'])],
  ['below no folder', bytes(['l 777 1 1.0 1.0 ../../..', 'a'], [file(1), 'a/postgres'])],
  ['below no folder', bytes([file(1), 'a/postgres'], [file(1), 'a'])],
  ['below no folder', bytes([file(1), 'a/postgres'])],
  ['more than the 1000', bytes([file(600), 'a'], [file(600), 'b'])],
  ['more than 10 entries', bytes(...Array.from({ length: 11 }, (_, i): [string, string] => [file(0), `f${i}`]))],
])('a listing is refused: %s', (words, listing) => {
  expect(() => readListing(listing, most)).toThrow(words);
});

test('entries are counted before anything is made of them', () => {
  // More bytes than a text can be made of.
  expect(() => readListing(Buffer.alloc(2 ** 29), most)).toThrow('more than 10 entries');
});

test('what differs is what is gone, new, of another kind, or changed since', () => {
  const before = readListing(
    bytes([file(1), 'same'], [file(1), 'edited'], [file(1), 'gone'], ['d 755 0 1.0 1.0 ', 'kind']),
    most,
  );
  const now = readListing(
    bytes([file(1), 'same'], [file(1, '3.0'), 'edited'], [file(1), 'new'], [file(1), 'kind']),
    most,
  );
  expect(compareListings(before, now)).toEqual({ gone: ['gone', 'kind'], changed: ['edited', 'kind', 'new'] });
});

test('rights that were opened for reading are taken again, the deepest first', () => {
  expect(restoreModes(readListing(bytes([file(1), 'a']), most))).toBeNull();
  const closed = readListing(bytes(['d 0 0 1.0 1.0 ', 'd'], ['f 0 1 1.0 1.0 ', 'd/f']), most);
  expect(Buffer.from(restoreModes(closed)!.input).toString()).toBe('0 d/f\x000 d\0');
});
