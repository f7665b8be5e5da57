import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputWindow } from './output-window.ts';

test('head and tail are the first and last half, and nothing is lost from the count', () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 60 });
  fc.assert(
    fc.property(chunks, fc.integer({ min: 0, max: 200 }), (all, max) => {
      const window = outputWindow(max);
      for (const chunk of all) window.push(chunk);
      const whole = Buffer.concat(all);
      const { head, tail, droppedBytes } = window.result();
      const half = Math.floor(max / 2);
      const kept = Math.max(0, Math.min(whole.length - half, max - half));
      expect(Buffer.from(head).equals(whole.subarray(0, half))).toBe(true);
      expect(Buffer.from(tail).equals(whole.subarray(whole.length - kept))).toBe(true);
      expect(head.length + tail.length + droppedBytes).toBe(whole.length);
    }),
  );
});

test('a million tiny chunks cost no more than the cap', () => {
  const window = outputWindow(1000);
  for (let i = 0; i < 1_000_000; i += 1) window.push(new Uint8Array([i]));
  expect(window.result()).toMatchObject({ droppedBytes: 999_000 });
});
