import { bundleChecker } from './bundle-checker.ts';
import type { EvidenceFacts } from './evidence-facts.ts';
import type { ExportedLine } from './exported-log.ts';
import { fileChecker } from './file-checker.ts';
import type { CheckOptions, LogVerdict } from './log-checker.ts';
import { openBundle } from './read-bundle.ts';
import { exportedLines } from './read-lines.ts';

/** `facts` are those of an evidence bundle; null for a log or an excerpt alone. */
export type FileVerdict = LogVerdict & { facts: EvidenceFacts | null };

type Options = CheckOptions & { seen?: (line: ExportedLine) => void };

/**
 * Checks an exported log, an excerpt or an evidence bundle, whichever it is, as its bytes come; shows every line of the log to
 * `seen`. Throws AppError `invalid_input` for what is none of them.
 */
export async function checkFile(bytes: AsyncIterable<Uint8Array>, options: Options): Promise<FileVerdict> {
  const { zip, all } = await begun(bytes);
  if (!zip) return { ...(await checkLines(all, fileChecker(options), options)), facts: null };
  const { log, ...given } = await openBundle(all);
  return checkLines(log, bundleChecker(options, given), options);
}

type Checker<V> = { take(line: ExportedLine): void; end(): V };

async function checkLines<V>(bytes: AsyncIterable<Uint8Array>, checker: Checker<V>, { seen }: Options): Promise<V> {
  for await (const line of exportedLines(bytes)) {
    checker.take(line);
    seen?.(line);
  }
  return checker.end();
}

/** A zip file begins with PK, a line of ours with a brace. */
async function begun(bytes: AsyncIterable<Uint8Array>) {
  const reading = bytes[Symbol.asyncIterator]();
  const first = await reading.next();
  const start = first.done ? new Uint8Array() : first.value;
  async function* all(): AsyncGenerator<Uint8Array> {
    yield start;
    for (let next = await reading.next(); !next.done; next = await reading.next()) yield next.value;
  }
  return { zip: start[0] === 0x50 && start[1] === 0x4b, all: all() };
}
