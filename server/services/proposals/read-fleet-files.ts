import { createHash } from 'node:crypto';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import { fleetFileOf, mostFileBytes, mostFleetFiles } from '../../domain/proposals/fleet-files.ts';

/** A file as it stands at a commit. `problem`: why its text is not taken, in words. */
export type FoundFile = { path: string; digest: string; text: string; problem: string | null };

type Host = Pick<CodeHost, 'listFiles' | 'entryAt'>;

/** The files of a commit by which a repo proposes something. They are data: nothing of them is followed or run. */
export async function readFleetFiles(
  host: Host,
  { mirror, commit }: { mirror: string; commit: string },
): Promise<FoundFile[]> {
  const paths = (await host.listFiles({ mirror, commit })).filter((path) => fleetFileOf(path) !== null);
  const found: FoundFile[] = [];
  for (const path of paths.slice(0, mostFleetFiles)) {
    const entry = await host.entryAt({ mirror, commit, path });
    if (entry === null) continue;
    const { bytes, symlink } = entry;
    const digest = createHash('sha256')
      .update(symlink ? 'link ' : 'file ')
      .update(bytes)
      .digest('hex');
    found.push({ path, digest, ...textOf(bytes, symlink) });
  }
  return found;
}

function textOf(bytes: Uint8Array, symlink: boolean): Pick<FoundFile, 'text' | 'problem'> {
  if (symlink) return { text: '', problem: 'It is a link, and links are not followed.' };
  if (bytes.length > mostFileBytes) return { text: '', problem: 'It is longer than 256 KB.' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // PostgreSQL keeps no NUL in a text, and no file that people wrote has one.
    return text.includes('\0') ? { text: '', problem: 'It is not text.' } : { text, problem: null };
  } catch {
    return { text: '', problem: 'It is not text in UTF-8.' };
  }
}
