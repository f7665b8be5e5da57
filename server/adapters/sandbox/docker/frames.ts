import { Transform, type TransformCallback } from 'node:stream';

const headerBytes = 8;

/**
 * Takes apart what an engine sends of a container's output: frames of a stream number, a length and bytes. stdout goes
 * on; stderr is handed over. Chunks are passed on as they come, so that memory does not grow with a frame's length.
 */
export function splitFrames(onError: (chunk: Buffer) => void): Transform {
  let header = Buffer.alloc(0);
  let left = 0;
  let stream = 1;

  const take = (chunk: Buffer, pass: (part: Buffer) => void): Buffer => {
    if (left > 0) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (stream === 2) onError(part);
      else pass(part);
      return chunk.subarray(part.length);
    }
    const missing = headerBytes - header.length;
    header = Buffer.concat([header, chunk.subarray(0, missing)]);
    if (header.length === headerBytes) {
      stream = header[0]!;
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
    return chunk.subarray(missing);
  };

  return new Transform({
    transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback) {
      let rest = chunk;
      while (rest.length > 0) rest = take(rest, (part) => this.push(part));
      done();
    },
  });
}
