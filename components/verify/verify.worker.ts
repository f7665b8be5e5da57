import { checkFile } from '../../server/domain/audit/check-file.ts';
import { keptHeads } from '../../server/domain/audit/kept-heads.ts';
import { trustedKeys } from '../../server/domain/audit/checkpoint.ts';
import { plainHashing } from '../../server/domain/audit/plain-hashing.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { Asked, Told } from './asked.ts';

const everyMs = 200;

/** Beside the page, so that it stays alive while a million signatures' worth of hashes are computed. */
self.onmessage = ({ data }: MessageEvent<Asked>) => {
  const tell = (told: Told) => self.postMessage(told);
  check(data, tell).catch((error: unknown) =>
    tell({ type: 'refused', why: error instanceof AppError ? error.message : 'The file could not be read.' }),
  );
};

async function check({ file, keys, kept }: Asked, tell: (told: Told) => void): Promise<void> {
  const hashing = plainHashing;
  const given = keys.trim() === '' ? undefined : trustedKeys(hashing.sha256, keyLines(keys));
  if (given?.length === 0) throw new AppError('invalid_input', 'What you gave as a key holds none.');
  const heads = keptHeads(kept);
  if (kept.trim() !== '' && heads.length === 0) {
    throw new AppError('invalid_input', 'What you gave as kept holds no head of a log.');
  }
  let [read, told] = [0, performance.now()];
  const bytes = counted(file, (size) => {
    read += size;
    if (performance.now() - told < everyMs) return;
    told = performance.now();
    tell({ type: 'progress', read });
  });
  const verdict = await checkFile(bytes, { hashing, keys: given, kept: heads });
  tell({ type: 'verdict', verdict, trusted: given !== undefined });
}

function keyLines(text: string): string[] {
  const named = [...text.matchAll(/"verifierKey"\s*:\s*"([^"]+)"/g)].map((match) => match[1] ?? '');
  return named.length > 0 ? named : text.split('\n');
}

async function* counted(file: Blob, count: (size: number) => void): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    count(value.length);
    yield value;
  }
}
