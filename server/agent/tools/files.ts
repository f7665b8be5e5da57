import { z } from 'zod';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import { workPath } from '../../domain/scope/work-path.ts';
import { decodeText } from '../text/decode-bytes.ts';
import { headOf } from '../text/truncate.ts';

/** Files larger than this are for the shell. */
export const mostFileBytes = 2 * 1024 * 1024;

export const pathField = z.string().min(1).describe('Path relative to the root of the repository, e.g. src/app.ts');

/** The path as the sandbox takes it. Policy has refused what lies outside before a tool runs. */
export function sandboxPath(path: string): string {
  return workPath(path) ?? path;
}

/** What lies beside a missing file, so that the next guess is better. */
export async function missingFile(sandbox: Sandbox, path: string, signal: AbortSignal): Promise<string> {
  const folder = sandboxPath(path).split('/').slice(0, -1).join('/');
  const read = await sandbox.read(folder, { maxBytes: 0, signal });
  const place = folder === '' ? 'The root of the repository' : `The folder ${folder}`;
  if (read.kind !== 'directory') return `There is no file ${path}, and no folder ${folder || '/'} either.`;
  const names = read.entries.length === 0 ? 'nothing' : headOf(read.entries.toSorted().join(', '), 1500);
  return `There is no file ${path}. ${place} holds: ${names}.`;
}

export type TextFile = { kind: 'text'; text: string } | { kind: 'problem'; text: string };

/** A file to edit, exactly as it is; refuses what an edit would damage. */
export async function readTextFile(sandbox: Sandbox, path: string, signal: AbortSignal): Promise<TextFile> {
  const read = await sandbox.read(sandboxPath(path), { maxBytes: mostFileBytes, signal });
  if (read.kind === 'missing') return { kind: 'problem', text: await missingFile(sandbox, path, signal) };
  if (read.kind === 'refused') return { kind: 'problem', text: `${path} cannot be read: ${read.reason}` };
  if (read.kind === 'directory') return { kind: 'problem', text: `${path} is a folder.` };
  if (read.size > read.bytes.length) {
    return { kind: 'problem', text: `${path} has ${read.size} bytes, too many for an edit by this tool; use shell.` };
  }
  const text = decodeText(read.bytes);
  if (text === null) return { kind: 'problem', text: `${path} is not UTF-8 text; change it with shell.` };
  return { kind: 'text', text };
}

/** Writes back an edited file; null when it went well, else what went wrong. */
export async function writeTextFile(
  sandbox: Sandbox,
  path: string,
  { text, mode, signal }: { text: string; mode: 'create' | 'replace'; signal: AbortSignal },
): Promise<string | null> {
  const written = await sandbox.write(sandboxPath(path), new TextEncoder().encode(text), { mode, signal });
  if (written.kind === 'written') return null;
  if (written.kind === 'exists') return `${path} exists already. View it, then use replace or insert.`;
  if (written.kind === 'missing') return `${path} is gone; create it anew if it is still wanted.`;
  return `${path} was not written: ${written.reason}`;
}
