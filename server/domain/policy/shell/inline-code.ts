/** Why code in an argument may start programs that nobody sees, or null. */
export function whyCodeHides(name: string, code: string): string | null {
  const isScript = name === 'node' || name === 'bun';
  const starts = isScript ? startsFromScript : startsFromOthers;
  return starts.test(code) ? 'its code may start other programs' : null;
}

const startsFromScript = /child_process|\bBun\s*\.\s*spawn|\bBun\s*\.\s*\$/u;
const startsFromOthers =
  /subprocess|\bos\s*\.\s*(?:system|exec|popen|spawn|posix_spawn)|\bpopen\b|\bpty\b|(?<![.\w])(?:system|exec|shell_exec|passthru|proc_open|spawn)\b|`|%x|__import__|\bqx\b/u;

/** Awk starts programs by `system()` and by pipes. */
export function whyAwkHides(program: string): string | null {
  // A bar within a pattern is no pipe: such a pattern holds nothing that could end a statement.
  const outside = program.replace(/(^|[\s(!~,{&|])\/[^/"\s;{}\\]+\//gu, '$1/./');
  return /\bsystem\s*\(|(?:^|[^|])\|(?:[^|]|$)/u.test(outside)
    ? 'an awk program can start others by system and pipes'
    : null;
}

/** Where the pattern or replacement that begins at `from` ends: at the next delimiter that no backslash hides. */
function pastDelimiter(script: string, from: number, delimiter: string): number {
  for (let at = from; at < script.length; at += 1) {
    if (script[at] === '\\') at += 1;
    else if (script[at] === delimiter) return at + 1;
  }
  return script.length;
}

type SedCommand = { name: string; flags: string; replacement: string };

type Found = { command: SedCommand; end: number };

/** `s/a/b/flags`, with any delimiter. */
function substitution(script: string, at: number): Found {
  const delimiter = script[at + 1] ?? '/';
  const middle = pastDelimiter(script, at + 2, delimiter);
  const end = pastDelimiter(script, middle, delimiter);
  const flags = textFrom(script, end, /[a-zA-Z0-9]*/uy);
  return { command: { name: script[at]!, flags, replacement: script.slice(middle, end - 1) }, end: end + flags.length };
}

function plainCommand(script: string, at: number): Found {
  const text = textFrom(script, at, /[^;\n}]*/uy);
  return { command: { name: script[at]!, flags: '', replacement: text.slice(1) }, end: at + Math.max(text.length, 1) };
}

function textFrom(script: string, at: number, pattern: RegExp): string {
  pattern.lastIndex = at;
  return pattern.exec(script)?.[0] ?? '';
}

/** The commands of a sed script, as far as they matter here. Addresses in slashes are passed over. */
function sedCommands(script: string): SedCommand[] {
  const found: SedCommand[] = [];
  for (let at = 0; at < script.length;) {
    const char = script[at]!;
    if (/[\s\d;{}!,$~+]/u.test(char)) at += 1;
    else if (char === '/') at = pastDelimiter(script, at + 1, '/');
    else if (char === '\\') at = pastDelimiter(script, at + 2, script[at + 1] ?? '/');
    else {
      const { command, end } = char === 's' || char === 'y' ? substitution(script, at) : plainCommand(script, at);
      found.push(command);
      at = end;
    }
  }
  return found;
}

/** Sed runs programs by the command `e` and by the flag of that name. */
export function whySedHides(script: string): string | null {
  const runs = sedCommands(script).some(({ name, flags }) => name === 'e' || (name === 's' && flags.includes('e')));
  return runs ? 'sed runs commands by `e`' : null;
}

/** What a sed script puts into files. */
export function sedAdds(script: string): string {
  return sedCommands(script)
    .map(({ replacement }) => replacement)
    .join('\n');
}
