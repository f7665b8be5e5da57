import { unquotePath } from './unquote-path.ts';

/** Lines of the new side of a diff that a change touched, by path. */
export type ChangedLines = Map<string, Range[]>;
type Range = { from: number; to: number };

const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

type Walk = {
  found: ChangedLines;
  /** Of the file being read. */
  ranges: Range[];
  old: string | null;
  /** Lines of the hunk still to come. */
  left: { old: number; new: number };
  at: { line: number; deletion: boolean };
};

/**
 * Reads a unified diff as git prints it. A pure deletion touches the line before and the one after it, so that a finding
 * about what is gone has a place to sit.
 */
export function changedLines(diff: string): ChangedLines {
  const walk: Walk = {
    found: new Map(),
    ranges: [],
    old: null,
    left: { old: 0, new: 0 },
    at: { line: 0, deletion: false },
  };
  for (const text of diff.split('\n')) {
    if (walk.left.old > 0 || walk.left.new > 0) readHunkLine(walk, text);
    else readHeader(walk, text);
  }
  return walk.found;
}

function readHunkLine(walk: Walk, text: string): void {
  const { left, ranges } = walk;
  const sign = text[0] ?? ' ';
  walk.at = step(ranges, walk.at, sign);
  if (sign === '+' || sign === ' ') left.new -= 1;
  if (sign === '-' || sign === ' ') left.old -= 1;
  const { line, deletion } = walk.at;
  if (left.old <= 0 && left.new <= 0 && deletion) mark(ranges, Math.max(1, line - 1), line);
}

function readHeader(walk: Walk, text: string): void {
  if (text.startsWith('--- ')) {
    walk.old = pathOf(text.slice(4));
  } else if (text.startsWith('+++ ')) {
    walk.ranges = [];
    const path = pathOf(text.slice(4)) ?? walk.old;
    if (path !== null) walk.found.set(path, walk.ranges);
  } else {
    startHunk(walk, hunk.exec(text));
  }
}

function startHunk(walk: Walk, start: RegExpExecArray | null): void {
  if (!start) return;
  const [, old = '1', first = '0', fresh = '1'] = start;
  walk.left = { old: Number(old), new: Number(fresh) };
  // A hunk without new lines names the line before it; line 0 means that the file is gone.
  const gone = Number(fresh) === 0;
  walk.at = { line: gone ? Number(first) + 1 : Number(first), deletion: false };
  if (gone && first === '0') mark(walk.ranges, 1, Number.MAX_SAFE_INTEGER);
}

/** Moves over one line of a hunk; a deletion that nothing replaces is marked when the next kept line comes. */
function step(ranges: Range[], at: Walk['at'], sign: string): Walk['at'] {
  switch (sign) {
    case '+':
      mark(ranges, at.line, at.line);
      return { line: at.line + 1, deletion: false };
    case '-':
      return { ...at, deletion: true };
    case '\\':
      return at;
    default:
      if (at.deletion) mark(ranges, Math.max(1, at.line - 1), at.line);
      return { line: at.line + 1, deletion: false };
  }
}

/** Whether a finding at that place is about the change. Any line of a deleted file is. */
export function isChangedLine(lines: ChangedLines, path: string, line: number): boolean {
  const ranges = lines.get(path);
  if (!ranges) return false;
  return ranges.some(({ from, to }) => line >= from && line <= to);
}

function mark(ranges: Range[], from: number, to: number): void {
  const last = ranges.at(-1);
  if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
  else ranges.push({ from, to });
}

/** `a/src/x.js` → `src/x.js`. */
function pathOf(text: string): string | null {
  const name = text.startsWith('"') ? unquotePath(text) : (text.split('\t')[0] ?? '');
  if (name === '/dev/null') return null;
  return name.replace(/^[ab]\//, '');
}
