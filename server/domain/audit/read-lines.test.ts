import { expect, test } from 'vitest';
import { utf8Bytes } from './bytes.ts';
import { exportedLines } from './read-lines.ts';
import { log } from './testing/sample-log.ts';

async function* chunks(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const read = async (bytes: Uint8Array, size = bytes.length) => {
  const lines = [];
  for await (const line of exportedLines(chunks(bytes, size))) lines.push(line);
  return lines;
};
const text = log.map((line) => JSON.stringify(line)).join('\n');

test.each([1, 7, 4096, 1_000_000])('lines come whole out of chunks of %d bytes', async (size) => {
  expect(await read(utf8Bytes(text), size)).toEqual(log);
  expect(await read(utf8Bytes(`${text}\r\n\n`), size)).toEqual(log);
});

test.each([
  ['no JSON', utf8Bytes(`${JSON.stringify(log[0])}\n\nhello`), 'Line 3 is not JSON.'],
  ['other JSON', utf8Bytes('{"type":"tail"}'), 'Line 1 is not a line of an exported log.'],
  ['no text', Uint8Array.of(0xff, 0xfe), 'The file is not text in UTF-8.'],
  ['half a character', Uint8Array.of(0x20, 0xc3), 'The file is not text in UTF-8.'],
])('%s is refused', async (_, bytes, why) => {
  await expect(read(bytes)).rejects.toMatchObject({ code: 'invalid_input', message: why });
});
