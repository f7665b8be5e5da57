import { headOf, mostResultBytes } from './truncate.ts';

const longestLine = 2000;

/** The lines of a text; a newline at the end closes the last line and opens none. */
export function linesOf(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
}

function shown(line: string, number: number): string {
  const body = line.replace(/\r$/, '');
  const cut = body.length > longestLine ? `${headOf(body, longestLine)} [line cut: ${body.length} characters]` : body;
  return `${String(number).padStart(6)}\t${cut}`;
}

export type NumberedLines = { text: string; first: number; last: number; total: number };

/** Lines `start` to `end` (from 1, both shown) with their numbers, as many as fit into `mostBytes`. */
export function numberLines(
  text: string,
  { start, end, mostBytes = mostResultBytes }: { start: number; end: number; mostBytes?: number },
): NumberedLines {
  const lines = linesOf(text);
  const kept: string[] = [];
  let bytes = 0;
  for (let at = start; at <= Math.min(end, lines.length); at += 1) {
    const line = shown(lines[at - 1]!, at);
    bytes += Buffer.byteLength(line, 'utf8') + 1;
    if (bytes > mostBytes && kept.length > 0) break;
    kept.push(line);
  }
  return { text: kept.join('\n'), first: start, last: start + kept.length - 1, total: lines.length };
}
