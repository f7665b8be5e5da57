import { headOf } from './truncate.ts';

const mostLineBytes = 300;

export function section(title: string, body: string): string {
  return `## ${title}\n\n${body}`;
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

/** Foreign words on one line, in quotation marks that they cannot close. */
export function quotedLine(text: string): string {
  const line = JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029]/g, ' ');
  return Buffer.byteLength(line) <= mostLineBytes ? line : `${headOf(line, mostLineBytes)}…"`;
}

export const quotedLines = (texts: readonly string[]): string[] => texts.map(quotedLine);
