import type { ToolResult } from '../ports.ts';
import type { Edit } from '../text/apply-edit.ts';
import { numberLines } from '../text/number-lines.ts';
import { readTextFile, writeTextFile } from './files.ts';
import { failed, ok, type ToolKit } from './tool.ts';

const around = 3;
const mostShownBytes = 4096;

/** Reads a file, applies a pure edit and writes it back; answers with the changed place as it now stands. */
export async function editFile(
  { sandbox }: ToolKit,
  { path, signal, apply }: { path: string; signal: AbortSignal; apply: (text: string) => Edit },
): Promise<ToolResult> {
  const file = await readTextFile(sandbox, path, signal);
  if (file.kind === 'problem') return failed(file.text);
  const edit = apply(file.text);
  if (edit.kind === 'refused') return failed(`${path} is unchanged: ${edit.reason}`);
  const problem = await writeTextFile(sandbox, path, { text: edit.text, mode: 'replace', signal });
  if (problem !== null) return failed(problem);
  const start = Math.max(1, edit.line - around);
  const { text } = numberLines(edit.text, {
    start,
    end: edit.line + edit.lines - 1 + around,
    mostBytes: mostShownBytes,
  });
  return ok(`Changed ${path} from line ${edit.line}. It now reads:\n${text}`);
}
