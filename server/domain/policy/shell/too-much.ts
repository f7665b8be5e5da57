const longest = 64 * 1024;
const mostSeparators = 5_000;
const mostBlanks = 12_000;
/** Nested constructs are read anew by each that holds them: what that can cost, in characters. */
const mostRereading = 15_000_000;

/** Why a command is not given to the parser, or null: reading takes time by what a command holds, not by its worst case. */
export function tooMuchToRead(text: string): string | null {
  if (text.length > longest) return `it is longer than ${longest / 1024} KB; write a file and run that`;
  if (count(text, /[|;&\n]/gu) > mostSeparators || count(text, /[ \t'"$]/gu) > mostBlanks)
    return 'it holds more commands than can be judged';
  if (count(text, /`|<<|[$<>(][({]/gu) * text.length > mostRereading)
    return 'it holds more substitutions than can be judged';
  return null;
}

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
