import { unquotePath } from '../../server/domain/checks/unquote-path.ts';

export type DiffLine = {
  kind: 'same' | 'added' | 'removed' | 'note';
  old: number | null;
  new: number | null;
  text: string;
};
export type DiffHunk = { oldStart: number; newStart: number; context: string; lines: DiffLine[] };
export type DiffFile = {
  path: string;
  /** The former path of a renamed or copied file, else null. */
  from: string | null;
  change: 'added' | 'deleted' | 'modified' | 'renamed' | 'copied';
  binary: boolean;
  /** File modes where they differ or a mode is news, e.g. a file made executable. */
  oldMode: string | null;
  newMode: string | null;
  hunks: DiffHunk[];
  added: number;
  removed: number;
};

type Cursor = { lines: string[]; at: number };

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/;

/**
 * Reads what `git diff` wrote. Hunks are read by the counts in their heads, so that no changed line can pass for a head;
 * text that ends in the middle of a hunk (a cut diff) gives what is there.
 */
export function parseDiff(text: string): DiffFile[] {
  const cursor: Cursor = { lines: text.split('\n'), at: 0 };
  const files: DiffFile[] = [];
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at] ?? '';
    cursor.at += 1;
    if (line.startsWith('diff --git ')) files.push(readFile(cursor, line));
  }
  return files;
}

function readFile(cursor: Cursor, first: string): DiffFile {
  const path = pathOfFirstLine(first.slice('diff --git '.length));
  const file: DiffFile = {
    path,
    from: null,
    change: 'modified',
    binary: false,
    oldMode: null,
    newMode: null,
    hunks: [],
    added: 0,
    removed: 0,
  };
  for (; cursor.at < cursor.lines.length; cursor.at += 1) {
    const line = cursor.lines[cursor.at] ?? '';
    if (line.startsWith('diff --git ')) break;
    const head = hunkHead.exec(line);
    if (!head) {
      readHeader(file, line);
      continue;
    }
    cursor.at += 1;
    file.hunks.push(readHunk(cursor, head));
    cursor.at -= 1;
  }
  for (const { lines } of file.hunks) {
    file.added += lines.filter((line) => line.kind === 'added').length;
    file.removed += lines.filter((line) => line.kind === 'removed').length;
  }
  return file;
}

const headers: [prefix: string, apply: (file: DiffFile, rest: string) => void][] = [
  ['new file mode ', (file, mode) => Object.assign(file, { change: 'added', newMode: mode })],
  ['deleted file mode ', (file) => Object.assign(file, { change: 'deleted' })],
  ['old mode ', (file, mode) => Object.assign(file, { oldMode: mode })],
  ['new mode ', (file, mode) => Object.assign(file, { newMode: mode })],
  ['rename from ', (file, path) => Object.assign(file, { change: 'renamed', from: unquotePath(path) })],
  ['rename to ', (file, path) => Object.assign(file, { path: unquotePath(path) })],
  ['copy from ', (file, path) => Object.assign(file, { change: 'copied', from: unquotePath(path) })],
  ['copy to ', (file, path) => Object.assign(file, { path: unquotePath(path) })],
  ['Binary files ', (file) => Object.assign(file, { binary: true })],
  ['GIT binary patch', (file) => Object.assign(file, { binary: true })],
  ['--- ', (file, path) => setPath(file, path, 'a/')],
  ['+++ ', (file, path) => setPath(file, path, 'b/')],
];

function readHeader(file: DiffFile, line: string): void {
  for (const [prefix, apply] of headers) {
    if (line.startsWith(prefix)) return apply(file, line.slice(prefix.length));
  }
}

/** Git ends an unquoted path with a tab where it holds a space. */
function setPath(file: DiffFile, raw: string, side: 'a/' | 'b/'): void {
  const path = unquotePath(raw.replace(/\t$/, ''));
  const moved = file.change === 'renamed' || file.change === 'copied';
  if (path !== '/dev/null' && path.startsWith(side) && !moved) file.path = path.slice(2);
}

/** `a/X b/X` says X twice where nothing was renamed; renames are named by their own headers. */
function pathOfFirstLine(rest: string): string {
  if (rest.startsWith('"')) return unquotePath(rest.slice(0, rest.indexOf('" ') + 1)).slice(2);
  return rest.slice(2, (rest.length - 1) / 2);
}

function readHunk(cursor: Cursor, head: RegExpExecArray): DiffHunk {
  const [, oldStart, oldCount = '1', newStart, newCount = '1', context = ''] = head;
  const hunk: DiffHunk = { oldStart: Number(oldStart), newStart: Number(newStart), context, lines: [] };
  const next = { old: hunk.oldStart, new: hunk.newStart };
  const end = { old: next.old + Number(oldCount), new: next.new + Number(newCount) };
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at] ?? '';
    const whole = next.old >= end.old && next.new >= end.new;
    const isBody = line === '' ? cursor.at < cursor.lines.length - 1 : ' +-\\'.includes(line[0] ?? '');
    if (!isBody || (whole && !line.startsWith('\\'))) break;
    hunk.lines.push(readLine(line, next));
    cursor.at += 1;
  }
  return hunk;
}

function readLine(line: string, next: { old: number; new: number }): DiffLine {
  const text = line.slice(1);
  switch (line[0]) {
    case '+':
      return { kind: 'added', old: null, new: next.new++, text };
    case '-':
      return { kind: 'removed', old: next.old++, new: null, text };
    case '\\':
      return { kind: 'note', old: null, new: null, text: text.trim() };
    default:
      return { kind: 'same', old: next.old++, new: next.new++, text };
  }
}
