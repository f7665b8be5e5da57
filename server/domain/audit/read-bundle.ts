import { Unzip, UnzipInflate } from 'fflate';
import { AppError } from '../errors.ts';
import { joined } from './bytes.ts';
import { bundleFiles } from './evidence-facts.ts';
import { ZipTail } from './zip-directory.ts';
import type { Unpacked } from './zip-directory.ts';

/** Page and facts are kept whole; nothing of that size is one of ours. */
const largest = 256 * 1024 * 1024;

type Piece = { name: string; data: Uint8Array };

async function* pieces(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  const ready: Piece[] = [];
  const unpacked: Unpacked[] = [];
  const tail = new ZipTail();
  const unzip = new Unzip((file) => {
    const seen = { name: file.name, size: 0 };
    unpacked.push(seen);
    file.ondata = (error, data) => {
      if (error) throw error;
      seen.size += data.length;
      ready.push({ name: file.name, data });
    };
    file.start();
  });
  unzip.register(UnzipInflate);
  for await (const chunk of bytes) {
    tail.take(chunk);
    try {
      unzip.push(chunk);
    } catch {
      throw notWhole();
    }
    yield* ready.splice(0);
  }
  if (!tail.lists(unpacked)) throw notWhole();
}

export type Bundle = { page: Uint8Array; facts: Uint8Array; log: AsyncIterable<Uint8Array> };

/** An evidence bundle, whose log is read as it is taken. Throws AppError `invalid_input` for what is none. */
export async function openBundle(bytes: AsyncIterable<Uint8Array>): Promise<Bundle> {
  const reading = pieces(bytes);
  const [page, facts]: [Uint8Array[], Uint8Array[]] = [[], []];
  let size = 0;
  for (;;) {
    const next = await reading.next();
    if (next.done) throw notWhole();
    const { name, data } = next.value;
    if (name === bundleFiles.log) {
      return { page: joined(page), facts: joined(facts), log: rest(reading, data) };
    }
    size += data.length;
    if (size > largest) throw notWhole();
    if (name === bundleFiles.page) page.push(data);
    else if (name === bundleFiles.facts) facts.push(data);
    else throw notWhole();
  }
}

async function* rest(reading: AsyncGenerator<Piece>, first: Uint8Array): AsyncGenerator<Uint8Array> {
  yield first;
  for await (const { name, data } of reading) {
    if (name !== bundleFiles.log) throw notWhole();
    yield data;
  }
}

function notWhole(): AppError {
  return new AppError('invalid_input', 'The file is no evidence bundle, or not a whole one.');
}
