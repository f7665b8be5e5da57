import { markOf } from './redactor.ts';
import type { Redactor } from './redactor.ts';

/** The longest that is held back; what is longer than this without a space is no secret of a known shape. */
const mostHeld = 32_768;

const wrappedLine = /^[A-Za-z0-9+/_-]{60,}\r?\n$/;
const openBlock = /-----BEGIN (?:(?!-----END [A-Z0-9 ]{0,40}-----)[\s\S])*$/;
const words = /\S+/g;

export type RedactedStream = {
  /** Takes the next part and returns what may be shown by now. */
  push(part: string): string;
  /** What was held back to the end. */
  end(): string;
};

/**
 * Redacts a text that comes in parts as the whole would be. The last three words are held back, more while a wrapped value
 * or a block of a key is open: a secret may go on in the next part.
 */
export function redactedStream(redactor: Redactor): RedactedStream {
  let held = '';
  /** How much of it is out already: kept for what is recognised by the words before it. */
  let shown = 0;
  const release = (most: number) => {
    let upTo = most;
    let out = '';
    let from = shown;
    for (const { start, end, name } of redactor.find(held)) {
      if (end <= from) continue;
      if (start >= upTo) break;
      if (end > upTo && upTo < held.length) {
        upTo = start;
        break;
      }
      out += `${held.slice(from, Math.max(from, start))}${markOf(name)}`;
      from = end;
    }
    upTo = Math.max(from, upTo);
    out += held.slice(from, upTo);
    const kept = thirdLastWord(held.slice(0, upTo));
    held = held.slice(kept);
    shown = upTo - kept;
    return out;
  };
  return {
    push(part) {
      held += part;
      const safe = held.length - shown > mostHeld ? held.length : safeUpTo(held);
      return safe <= shown ? '' : release(safe);
    },
    end: () => release(held.length),
  };
}

/** Where the third word from the end begins, 0 where there are fewer. */
function thirdLastWord(text: string): number {
  return [...text.matchAll(words)].at(-3)?.index ?? 0;
}

function safeUpTo(text: string): number {
  const open = text.includes('-----BEGIN ') ? text.search(openBlock) : -1;
  const third = thirdLastWord(text);
  let safe = open >= 0 ? Math.min(open, third) : third;
  for (;;) {
    const line = text.lastIndexOf('\n', safe - 2) + 1;
    if (safe === 0 || !wrappedLine.test(text.slice(line, safe))) return safe;
    safe = line;
  }
}
