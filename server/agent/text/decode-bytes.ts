const strict = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`;

/** How many bytes a sequence that begins with this byte has; 0 when none begins with it. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

function decodeStrictly(bytes: Uint8Array): string | null {
  try {
    return strict().decode(bytes);
  } catch {
    return null;
  }
}

const isContinuation = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/** Which second bytes are valid narrows after some leads: overlong forms, surrogates, beyond Unicode. */
function isSecond(lead: number, second: number | undefined): boolean {
  if (second === undefined || !isContinuation(second)) return false;
  if (lead === 0xe0) return second >= 0xa0;
  if (lead === 0xed) return second < 0xa0;
  if (lead === 0xf0) return second >= 0x90;
  return lead !== 0xf4 || second < 0x90;
}

function isSequence(bytes: Uint8Array, at: number, length: number): boolean {
  if (length < 2) return length === 1;
  if (!isSecond(bytes[at]!, bytes[at + 1])) return false;
  return (length < 3 || isContinuation(bytes[at + 2])) && (length < 4 || isContinuation(bytes[at + 3]));
}

/** Decodes what is UTF-8 and writes each byte that is not as `\xNN`, so that nothing is dropped or guessed. One pass. */
function decodeLoosely(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at]!);
    if (isSequence(bytes, at, length)) {
      at += length;
      continue;
    }
    if (at > from) parts.push(decoder.decode(bytes.subarray(from, at)));
    parts.push(hex(bytes[at]!));
    at += 1;
    from = at;
  }
  if (bytes.length > from) parts.push(decoder.decode(bytes.subarray(from)));
  return parts.join('');
}

const colours = /\x1b\[[0-9;?]*[ -/]*[@-~]/g;
const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/**
 * A program's output as text for a model: invalid UTF-8 and control characters (NUL too) are shown as `\xNN`, terminal
 * colours are taken away, line ends become `\n`. Any bytes give a well-formed string without NUL.
 */
export function decodeOutput(bytes: Uint8Array): string {
  const text = decodeStrictly(bytes) ?? decodeLoosely(bytes);
  return text
    .replace(colours, '')
    .replace(/\r+\n?/g, '\n')
    .replace(controls, (character) => hex(character.charCodeAt(0)));
}

/** The text of a file, exactly; null when it is no text (NUL or invalid UTF-8), so that no edit can damage it. */
export function decodeText(bytes: Uint8Array): string | null {
  const text = decodeStrictly(bytes);
  return text === null || text.includes('\0') ? null : text;
}
