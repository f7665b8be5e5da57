import { expect, test } from 'vitest';
import { splitFrames } from './frames.ts';

function frame(stream: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

test.each([1, 3, 8, 1000])('streams are told apart when %d bytes come at a time', async (size) => {
  const all = Buffer.concat([frame(1, 'out '), frame(2, 'error'), frame(1, ''), frame(1, 'more')]);
  let errors = '';
  const frames = splitFrames((chunk) => (errors += String(chunk)));
  for (let at = 0; at < all.length; at += size) frames.write(all.subarray(at, at + size));
  frames.end();
  let output = '';
  for await (const chunk of frames) output += String(chunk);
  expect({ output, errors }).toEqual({ output: 'out more', errors: 'error' });
});
