import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { keptHeads } from '../../domain/audit/kept-heads.ts';
import { AppError } from '../../domain/errors.ts';
import type { HeadKeeper } from '../../domain/ports/head-keeper.ts';

/**
 * A file of JSON Lines for each org, only ever added to: the folder may be on a disk that lets nobody do more. What a crash left of a
 * last line stays, and the next head begins a new one.
 */
export function headFiles(folder: string): HeadKeeper {
  const known = new Map<string, number>();
  const fileOf = (orgId: string) => {
    if (!/^[\w-]{1,64}$/.test(orgId)) throw new AppError('invalid_input', 'This is no id of an org.');
    return path.join(folder, `${orgId}.jsonl`);
  };
  const lastSize = async (orgId: string) => {
    const size = known.get(orgId) ?? lastIn(await textOf(fileOf(orgId)));
    known.set(orgId, size);
    return size;
  };
  return {
    lastSize,
    async keep(orgId, note) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const file = await open(fileOf(orgId), 'a', 0o600);
      try {
        // A line break first: a line that was cut off must not take this one with it.
        await file.appendFile(`\n${JSON.stringify({ type: 'head', note })}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      known.set(orgId, lastIn(note));
    },
  };
}

function lastIn(text: string): number {
  return Math.max(0, ...keptHeads(text).map((head) => (head.type === 'tree' ? head.size : 0)));
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
