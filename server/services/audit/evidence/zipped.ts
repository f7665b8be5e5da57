import { Zip, ZipDeflate } from 'fflate';

export type ZipEntry = { name: string; texts: Iterable<string> | AsyncIterable<string> };

/** A zip file, written while its entries are read. */
export async function* zipped(entries: ZipEntry[], at: Date): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const utf8 = new TextEncoder();
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for (const { name, texts } of entries) {
    const entry = new ZipDeflate(name, { level: 6 });
    entry.mtime = at;
    zip.add(entry);
    for await (const text of texts) {
      entry.push(utf8.encode(text));
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}
