import { linesOf } from './number-lines.ts';

/** `line` is where the change begins, `lines` how many lines it holds afterwards. */
export type Edit = { kind: 'edited'; text: string; line: number; lines: number } | { kind: 'refused'; reason: string };

const refused = (reason: string): Edit => ({ kind: 'refused', reason });

/** Every place where `part` begins: overlapping ones too, between which an edit could not choose. */
function positionsOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}

const lineAt = (text: string, position: number) => text.slice(0, position).split('\n').length;

/** Edits speak `\n`; a file that ends its lines with `\r\n` throughout keeps doing so. */
function asIn(file: string, text: string): string {
  const crlf = /\r\n/.test(file) && !/(^|[^\r])\n/.test(file);
  return crlf ? text.replace(/\r?\n/g, '\r\n') : text;
}

const squeezed = (line: string) => line.replace(/\s+/g, ' ').trim();

function words(line: string): Set<string> {
  return new Set(line.match(/\w+/g) ?? []);
}

function likeness(a: string, b: string): number {
  const [left, right] = [words(a), words(b)];
  if (left.size === 0 || right.size === 0) return 0;
  const common = [...left].filter((word) => right.has(word)).length;
  return (2 * common) / (left.size + right.size);
}

/** Where the wanted text may have been meant, in words. */
function nearest(file: string, wanted: string): string {
  const lines = linesOf(file);
  const first = linesOf(wanted).find((line) => line.trim() !== '') ?? '';
  const sameButSpace = lines.findIndex((line) => squeezed(line) === squeezed(first));
  if (sameButSpace !== -1) {
    const line = lines[sameButSpace]!.replace(/\r$/, '');
    const why = line === first ? 'begins the same; a later line differs' : 'differs in white space';
    return ` Line ${sameButSpace + 1} ${why}: \`${line.slice(0, 200)}\`.`;
  }
  const scored = lines.map((line, index) => ({ line, number: index + 1, score: likeness(line, first) }));
  const best = scored.toSorted((a, b) => b.score - a.score)[0];
  if (!best || best.score < 0.4) return '';
  return ` The nearest is line ${best.number}: \`${best.line.trim().slice(0, 200)}\`.`;
}

/** Puts `newText` where `oldText` stands exactly once. Every refusal says how to mend the call. */
export function replaceOnce(file: string, { oldText, newText }: { oldText: string; newText: string }): Edit {
  if (oldText === '') return refused('old_text is empty. Use insert to add text, or create for a new file.');
  if (oldText === newText) return refused('old_text and new_text are the same, so there is nothing to change.');
  const wanted = positionsOf(file, oldText).length > 0 ? oldText : asIn(file, oldText);
  const positions = positionsOf(file, wanted);
  const [position] = positions;
  if (position === undefined) {
    return refused(
      `old_text does not occur in the file.${nearest(file, oldText)} View the file and copy the text exactly.`,
    );
  }
  if (positions.length > 1) {
    const at = positions.slice(0, 10).map((each) => lineAt(file, each));
    const more = positions.length > 10 ? ' and more' : '';
    const where = `on lines ${at.join(', ')}${more}`;
    return refused(`old_text occurs ${positions.length} times, ${where}. Add lines around it until it is unique.`);
  }
  const put = asIn(file, newText);
  const text = file.slice(0, position) + put + file.slice(position + wanted.length);
  return { kind: 'edited', text, line: lineAt(file, position), lines: put.split('\n').length };
}

/** Puts whole lines after line `afterLine`; 0 puts them first. */
export function insertAfter(file: string, { afterLine, text }: { afterLine: number; text: string }): Edit {
  if (text === '') return refused('text is empty, so there is nothing to insert.');
  const lines = linesOf(file);
  if (afterLine > lines.length) {
    return refused(`The file has ${lines.length} lines, so nothing can go after line ${afterLine}. View it first.`);
  }
  const put = asIn(file, text.endsWith('\n') ? text : `${text}\n`);
  const unfinished = afterLine === lines.length && file !== '' && !file.endsWith('\n');
  const lengths = lines.slice(0, afterLine).map((line) => line.length + 1);
  const position = unfinished ? file.length : lengths.reduce((sum, length) => sum + length, 0);
  const opening = unfinished ? asIn(file, '\n') : '';
  return {
    kind: 'edited',
    text: file.slice(0, position) + opening + put + file.slice(position),
    line: afterLine + 1,
    lines: linesOf(put).length,
  };
}
