const named: Record<string, number> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A path as git prints it: in quotes, with C escapes and octal bytes of UTF-8, where it holds anything unusual. */
export function unquotePath(printed: string): string {
  if (!printed.startsWith('"') || !printed.endsWith('"') || printed.length < 2) return printed;
  const out: number[] = [];
  const encoder = new TextEncoder();
  for (const [, octal, letter, plain] of printed.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gsu)) {
    if (octal !== undefined) out.push(Number.parseInt(octal, 8));
    else if (letter !== undefined) out.push(named[letter] ?? letter.charCodeAt(0));
    else out.push(...encoder.encode(plain));
  }
  return new TextDecoder().decode(new Uint8Array(out));
}
