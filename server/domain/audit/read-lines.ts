import { AppError } from '../errors.ts';
import { exportedLine } from './exported-log.ts';
import type { ExportedLine } from './exported-log.ts';

/** Far above the largest event: a file without line breaks must not fill the memory. */
const longestLine = 64 * 1024 * 1024;

/** The lines of an exported log, as its bytes come. Throws AppError `invalid_input` for what is none. */
export async function* exportedLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ExportedLine> {
  let number = 0;
  for await (const text of textLines(bytes)) {
    number += 1;
    if (text.trim() !== '') yield lineOf(text, number);
  }
}

function lineOf(text: string, number: number): ExportedLine {
  const line = exportedLine.safeParse(valueOf(text, number));
  if (line.success) return line.data;
  throw new AppError('invalid_input', `Line ${number} is not a line of an exported log.`);
}

function valueOf(text: string, number: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid_input', `Line ${number} is not JSON.`);
  }
}

async function* textLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of bytes) {
    const text = decoded(utf8, chunk);
    const lines = text.includes('\n') ? (rest + text).split('\n') : [rest + text];
    rest = lines.pop() ?? '';
    if (rest.length > longestLine) throw new AppError('invalid_input', 'A line of the file is too long for a log.');
    yield* lines;
  }
  rest += decoded(utf8);
  if (rest !== '') yield rest;
}

function decoded(utf8: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? utf8.decode(chunk, { stream: true }) : utf8.decode();
  } catch {
    throw new AppError('invalid_input', 'The file is not text in UTF-8.');
  }
}
