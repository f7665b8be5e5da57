export type OutputWindow = {
  push(chunk: Uint8Array): void;
  result(): { head: Uint8Array; tail: Uint8Array; droppedBytes: number };
};

/**
 * Keeps the first and the last half of `maxBytes` of a stream and counts what lies between. Memory stays below
 * `maxBytes` plus one chunk however much is pushed.
 */
export function outputWindow(maxBytes: number): OutputWindow {
  const headMax = Math.floor(maxBytes / 2);
  const tailMax = maxBytes - headMax;
  const head: Uint8Array[] = [];
  let tail: Uint8Array[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let droppedBytes = 0;

  const trim = () => {
    let excess = tailBytes - tailMax;
    while (excess > 0) {
      const first = tail[0]!;
      const cut = Math.min(first.length, excess);
      if (cut === first.length) tail.shift();
      else tail[0] = first.subarray(cut);
      excess -= cut;
      tailBytes -= cut;
      droppedBytes += cut;
    }
    // Many small chunks would cost more in objects than in bytes.
    if (tail.length > 512) tail = [Buffer.concat(tail)];
  };

  return {
    push(chunk) {
      const room = Math.min(headMax - headBytes, chunk.length);
      if (room > 0) {
        head.push(chunk.subarray(0, room));
        headBytes += room;
      }
      if (room === chunk.length) return;
      tail.push(chunk.subarray(room));
      tailBytes += chunk.length - room;
      trim();
    },
    result: () => ({ head: Buffer.concat(head), tail: Buffer.concat(tail), droppedBytes }),
  };
}
