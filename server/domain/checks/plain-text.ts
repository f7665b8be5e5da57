const decoder = new TextDecoder('utf-8');

// CSI and OSC escape sequences: colours and titles that a terminal would swallow.
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** Any bytes as text that a database and a page can hold: invalid UTF-8 replaced, escapes and control characters gone. */
export function plainText(bytes: Uint8Array): string {
  return decoder.decode(bytes).replaceAll('\r\n', '\n').replace(escapes, '').replace(controls, '');
}

/** The last whole lines of a text, at most `max` characters. */
export function lastLines(text: string, max: number): string {
  const trimmed = text.trimEnd();
  if (trimmed.length <= max) return trimmed;
  const cut = trimmed.slice(-max);
  const line = cut.indexOf('\n');
  return line < 0 ? cut : cut.slice(line + 1);
}
