/** A text as it reads when one encoding is taken off, and where its characters stand in the text it was taken from. */
export type Layer = { encoding: string; text: string; start(at: number): number; end(at: number): number };

// Lines of 60 characters and more that follow each other are one value, as `base64` and PEM wrap it.
const base64Run =
  /(?:[A-Za-z0-9+/_-]{60,}\r?\n)*[A-Za-z0-9+/_-]{20,}|(?:[A-Za-z0-9+/_-]{60,}\r?\n)+[A-Za-z0-9+/_-]{1,19}/g;
const hexRun = /[0-9a-fA-F]{32,}/g;
const escapes: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** Every reading of the text with one encoding taken off. */
export function* layersOf(text: string): Generator<Layer> {
  yield* base64Layers(text);
  yield* hexLayers(text);
  if (text.includes('%'))
    yield* replaced(text, { encoding: 'url', pattern: /%([0-9a-fA-F]{2})/g, by: (code) => fromHex(code) });
  if (text.includes('\\')) {
    yield* replaced(text, { encoding: 'json', pattern: /\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])/g, by: unescaped });
  }
}

const fromHex = (digits: string) => String.fromCharCode(Number.parseInt(digits, 16));

function unescaped(code: string): string {
  return code.length > 1 ? fromHex(code.slice(1)) : (escapes[code] ?? code);
}

/** A value inside a longer run begins at any of four places. */
function* base64Layers(text: string): Generator<Layer> {
  for (const { 0: run, index } of text.matchAll(base64Run)) {
    const at: number[] = [];
    let plain = '';
    for (let n = 0; n < run.length; n += 1) {
      const unit = run.charAt(n);
      if (unit === '\n' || unit === '\r') continue;
      at.push(index + n);
      plain += unit === '-' ? '+' : unit === '_' ? '/' : unit;
    }
    for (let offset = 0; offset < 4; offset += 1) {
      const rest = plain.slice(offset);
      const whole = rest.slice(0, rest.length - (rest.length % 4 === 1 ? 1 : 0));
      if (whole.length < 16) continue;
      const place = (byte: number, past: number) =>
        at[Math.min(offset + 4 * Math.floor(byte / 3) + past, at.length - 1)] ?? index;
      yield {
        encoding: 'base64',
        text: atob(whole),
        start: (byte) => place(byte, 0),
        end: (byte) => place(byte - 1, 3) + 1,
      };
    }
  }
}

function* hexLayers(text: string): Generator<Layer> {
  for (const { 0: run, index } of text.matchAll(hexRun)) {
    for (let offset = 0; offset < 2; offset += 1) {
      let decoded = '';
      for (let at = offset; at + 1 < run.length; at += 2) decoded += fromHex(run.slice(at, at + 2));
      const from = index + offset;
      yield { encoding: 'hex', text: decoded, start: (byte) => from + 2 * byte, end: (byte) => from + 2 * byte };
    }
  }
}

type Replacing = { encoding: string; pattern: RegExp; by: (code: string) => string };

/** The whole text with each escape replaced by the one character that it stands for. */
function* replaced(text: string, { encoding, pattern, by }: Replacing): Generator<Layer> {
  const starts: number[] = [];
  let decoded = '';
  let last = 0;
  const copy = (to: number) => {
    decoded += text.slice(last, to);
    for (let at = last; at < to; at += 1) starts.push(at);
  };
  for (const match of text.matchAll(pattern)) {
    copy(match.index);
    decoded += by(match[1] ?? '');
    starts.push(match.index);
    last = match.index + match[0].length;
  }
  if (last === 0) return;
  copy(text.length);
  starts.push(text.length);
  yield { encoding, text: decoded, start: (at) => starts[at] ?? text.length, end: (at) => starts[at] ?? text.length };
}
