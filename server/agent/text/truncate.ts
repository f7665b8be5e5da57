/** What the model gets of one result, in UTF-8 bytes. */
export const mostResultBytes = 24 * 1024;

const size = (text: string) => Buffer.byteLength(text, 'utf8');
const number = (value: number) => value.toLocaleString('en-US');

/** The longest start of `text` with at most `bytes` bytes; characters stay whole. */
export function headOf(text: string, bytes: number): string {
  const buffer = Buffer.from(text, 'utf8');
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && (buffer[end]! & 0xc0) === 0x80) end -= 1;
  return buffer.toString('utf8', 0, end);
}

/** The longest end of `text` with at most `bytes` bytes; characters stay whole. */
export function tailOf(text: string, bytes: number): string {
  const buffer = Buffer.from(text, 'utf8');
  if (buffer.length <= bytes) return text;
  let start = buffer.length - bytes;
  while (start < buffer.length && (buffer[start]! & 0xc0) === 0x80) start += 1;
  return buffer.toString('utf8', start);
}

export type Kept = { head: string; tail: string; droppedBytes: number };

/**
 * Head and tail of an output in at most `mostBytes` bytes, with a sentence in the middle that says how much is not shown.
 * `droppedBytes` is what was lost between head and tail before; with 0 the two are one text.
 */
export function cutMiddle({ head, tail, droppedBytes }: Kept, mostBytes = mostResultBytes): string {
  const whole = head + tail;
  if (droppedBytes === 0 && size(whole) <= mostBytes) return whole;
  const [from, to] = droppedBytes === 0 ? [whole, whole] : [head, tail];
  const half = Math.floor((mostBytes - 200) / 2);
  const first = headOf(from, half);
  const last = tailOf(to, half);
  const hidden = size(whole) - size(first) - size(last) + droppedBytes;
  const note = `[${number(hidden)} bytes of the output are not shown here; narrow the command (head, tail, grep) to see them]`;
  return `${first}\n${note}\n${last}`;
}
