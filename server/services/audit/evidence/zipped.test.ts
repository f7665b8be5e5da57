import { describe, expect, test } from 'vitest';
import { openBundle } from '../../../domain/audit/read-bundle.ts';
import { zipped } from './zipped.ts';

const at = new Date('2026-11-28T10:00:00Z');
const entry = (name: string, text: string) => ({ name, texts: [text] });
const three = [
  entry('index.html', '<p>'),
  entry('evidence.json', '{}'),
  entry('log.jsonl', '{"type":"log"}\n'.repeat(999)),
];

async function made(entries = three): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of zipped(entries, at)) parts.push(part);
  return Buffer.concat(parts);
}

async function* inPieces(bytes: Buffer, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield new Uint8Array(bytes.subarray(from, from + size));
}

async function read(bytes: Buffer, size = 1_000): Promise<string> {
  const { page, facts, log } = await openBundle(inPieces(bytes, size));
  const parts: Uint8Array[] = [page, facts];
  for await (const part of log) parts.push(part);
  return Buffer.concat(parts).toString();
}

const directory = Buffer.from('PK\u0001\u0002', 'latin1');
const spliced = (bytes: Buffer, from: number, remove: number, put: Buffer) =>
  Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + remove)]);

describe('an evidence bundle', () => {
  test.each([7, 1_000, 1_000_000])('is read as it was written, in pieces of %d bytes', async (size) => {
    expect(await read(await made(), size)).toBe(three.map(({ texts }) => texts.join('')).join(''));
  });

  /** What other programs open must be what was verified. */
  test.each<[string, (bytes: Buffer, other: Buffer) => Buffer]>([
    ['another file in front of it', (bytes, other) => Buffer.concat([other, bytes])],
    ['something behind it', (bytes) => Buffer.concat([bytes, Buffer.from('x')])],
    ['another directory behind it', (bytes, other) => Buffer.concat([bytes, other.subarray(other.indexOf(directory))])],
    [
      'bytes between files and directory',
      (bytes) => spliced(bytes, bytes.indexOf(directory), 0, Buffer.from('hidden')),
    ],
    [
      'another name in the directory',
      (bytes) => spliced(bytes, bytes.lastIndexOf('index.html'), 5, Buffer.from('other')),
    ],
    ['another size in the directory', (bytes) => spliced(bytes, bytes.indexOf(directory) + 24, 1, Buffer.of(9))],
    ['another place in the directory', (bytes) => spliced(bytes, bytes.indexOf(directory) + 42, 1, Buffer.of(9))],
    ['no directory', (bytes) => bytes.subarray(0, bytes.indexOf(directory))],
    ['a cut end', (bytes) => bytes.subarray(0, -1)],
  ])('with %s is none', async (_, change) => {
    const other = await made([entry('index.html', '<b>'), ...three.slice(1)]);
    await expect(read(change(await made(), other))).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
