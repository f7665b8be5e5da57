import { expect, test } from 'vitest';
import { frameKinds, frameOf, frameReader, type Frame } from './gate-frames.ts';

test('frames come out whole, however the stream is cut', () => {
  const data = Buffer.from('hello');
  const stream = Buffer.concat([
    frameOf(frameKinds.open, 7),
    frameOf(frameKinds.data, 7, data),
    frameOf(frameKinds.taken, 7, 262_144),
    frameOf(frameKinds.end, 7),
  ]);
  for (const step of [1, 2, 9, 11, stream.length]) {
    const seen: Frame[] = [];
    const read = frameReader((frame) => void seen.push({ ...frame, data: Buffer.from(frame.data) }));
    for (let at = 0; at < stream.length; at += step) read(stream.subarray(at, at + step));
    expect(seen.map(({ kind, id, amount }) => [kind, id, amount])).toEqual([
      [1, 7, 0],
      [2, 7, 5],
      [4, 7, 262_144],
      [3, 7, 0],
    ]);
    expect(seen[1]?.data).toEqual(data);
  }
});

test.each([
  ['an unknown kind', frameOf(9, 1)],
  ['more than a frame may hold', frameOf(frameKinds.data, 1, Buffer.alloc(65_537))],
])('%s is refused', (_, bytes) => {
  expect(() => frameReader(() => undefined)(bytes)).toThrow('not a frame');
});
