/** What passes between a gate, or a machine's supervisor, and its worker: one stream of bytes carries many. */
export const frameKinds = { open: 1, data: 2, end: 3, taken: 4, reset: 5, news: 6, exit: 7 } as const;

const withData: readonly number[] = [frameKinds.open, frameKinds.data, frameKinds.news];

/** `amount`: the length of `data`, or for `taken` how much of what was sent has been passed on. */
export type Frame = { kind: number; id: number; amount: number; data: Buffer };

const headerBytes = 9;
/** Of one frame. */
export const mostData = 65_536;

export function frameOf(kind: number, id: number, content: Uint8Array | number = 0): Buffer {
  const data = typeof content === 'number' ? Buffer.alloc(0) : content;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt8(kind, 0);
  header.writeUInt32BE(id, 1);
  header.writeUInt32BE(typeof content === 'number' ? content : data.length, 5);
  return Buffer.concat([header, data]);
}

/** Takes a stream apart as it comes. Throws at what is no frame of a gate. */
export function frameReader(take: (frame: Frame) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    while (rest.length >= headerBytes) {
      const kind = rest.readUInt8(0);
      const amount = rest.readUInt32BE(5);
      const size = withData.includes(kind) ? amount : 0;
      if (kind < frameKinds.open || kind > frameKinds.exit || size > mostData) throw new Error('not a frame');
      if (rest.length < headerBytes + size) return;
      take({ kind, id: rest.readUInt32BE(1), amount, data: rest.subarray(headerBytes, headerBytes + size) });
      rest = rest.subarray(headerBytes + size);
    }
  };
}
