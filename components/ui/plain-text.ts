const ansi = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Terminal output without its colour and cursor codes; a line that was redrawn keeps its last state. */
export function stripAnsi(text: string): string {
  return text
    .replace(ansi, '')
    .replace(/[^\n]*\r(?!\n)/g, '')
    .replace(/\r\n/g, '\n');
}

/** Characters that change how text reads without being seen: direction marks, zero-width, control codes. */
const hidden =
  /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff])/;

export type TextPart = { text: string; hidden: boolean };

/** Cuts text so that every unseen character can be shown by its code point: `a‹U+202E›b`. */
export function revealHidden(text: string): TextPart[] {
  if (!hidden.test(text)) return [{ text, hidden: false }];
  return text
    .split(hidden)
    .filter((part) => part !== '')
    .map((part) => (hidden.test(part) ? { text: codePoint(part), hidden: true } : { text: part, hidden: false }));
}

function codePoint(character: string): string {
  return `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The first `lines` lines and how many follow. */
export function cutLines(text: string, lines: number): { shown: string; more: number } {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf('\n', at + 1);
    if (at < 0) return { shown: text, more: 0 };
  }
  return { shown: text.slice(0, at), more: text.slice(at + 1).split('\n').length };
}
