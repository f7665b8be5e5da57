import { z } from 'zod';
import { decodeOutput } from '../text/decode-bytes.ts';
import { linesOf, numberLines } from '../text/number-lines.ts';
import { headOf, mostResultBytes } from '../text/truncate.ts';
import { missingFile, mostFileBytes, pathField, sandboxPath } from './files.ts';
import { failed, ok, tool, type FilesKit } from './tool.ts';

const schema = z.strictObject({
  path: pathField,
  start_line: z.int().min(1).optional().describe('First line to show, from 1'),
  end_line: z.int().min(1).optional().describe('Last line to show'),
});
type Input = z.infer<typeof schema>;

function listing(path: string, entries: string[]) {
  if (entries.length === 0) return ok(`${path} is an empty folder.`);
  const names = entries.toSorted().join('\n');
  const shown = headOf(names, mostResultBytes);
  const missing = entries.length - linesOf(shown).length;
  return ok(
    `${path} holds ${entries.length} entries:\n${shown}${missing > 0 ? `\n[${missing} more: use search or shell]` : ''}`,
  );
}

function binary(path: string, bytes: Uint8Array, size: number) {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('hex').replace(/(..)/g, '$1 ').trim();
  return ok(
    `${path} is a binary file of ${size} bytes. It begins with:\n${start}\nUse shell (file, xxd, strings) to see more.`,
  );
}

function lines(input: Input, text: string, cutAt: number | null) {
  const { path, start_line: start = 1, end_line: end = Number.MAX_SAFE_INTEGER } = input;
  if (end < start) return failed(`end_line ${end} lies before start_line ${start}.`);
  const shown = numberLines(text, { start, end });
  if (shown.total === 0) return ok(`${path} is empty.`);
  if (start > shown.total) return failed(`${path} has ${shown.total} lines; start_line ${start} is past its end.`);
  const notes: string[] = [];
  if (shown.last < Math.min(end, shown.total)) {
    notes.push(`[shown to line ${shown.last} of ${shown.total}; view again with start_line ${shown.last + 1}]`);
  }
  if (cutAt !== null)
    notes.push(`[only the first ${mostFileBytes} of ${cutAt} bytes can be viewed; use shell for the rest]`);
  return ok([shown.text, ...notes].join('\n'));
}

export const view = tool<Input, FilesKit>({
  description:
    'Shows a text file with line numbers, whole or from start_line to end_line, or lists a folder. Prefer it to cat.',
  schema,
  action: ({ path }) => ({ kind: 'file_read', path }),
  async run({ sandbox }, { input, signal }) {
    const read = await sandbox.read(sandboxPath(input.path), { maxBytes: mostFileBytes, signal });
    if (read.kind === 'missing') return failed(await missingFile(sandbox, input.path, signal));
    if (read.kind === 'refused') return failed(`${input.path} cannot be read: ${read.reason}`);
    if (read.kind === 'directory') return listing(input.path, read.entries);
    if (read.bytes.subarray(0, 8192).includes(0)) return binary(input.path, read.bytes, read.size);
    return lines(input, decodeOutput(read.bytes), read.size > read.bytes.length ? read.size : null);
  },
});
