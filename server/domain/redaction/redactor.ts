import { layersOf } from './decodings.ts';
import { anyKeyword, shapes } from './shapes.ts';
import type { Shape } from './shapes.ts';

/** Where a secret stands. `name` is the kind of secret, with the encodings that it was found under. */
export type SecretSpan = { start: number; end: number; name: string };

/** A value of the org's own, such as a saved key, and what it is called in its place. */
export type OwnValue = { name: string; value: string };

/** Shorter ones would be found in innocent text. */
const shortestValue = 8;
/** Encodings that are looked through. */
const mostLayers = 2;

export type Redactor = {
  find(text: string): SecretSpan[];
  /** The text with each secret replaced by `[redacted: …]`. What was redacted once stays as it is. */
  redact(text: string): string;
};

/** Finds secrets of known shapes and `values`, plain and under up to two encodings. */
export function makeRedactor(values: readonly OwnValue[] = [], shaped: readonly Shape[] = shapes): Redactor {
  const own = values.filter(({ value }) => value.length >= shortestValue).flatMap(readings);
  const find = (text: string) => merged(spansOf(text, { own, shaped }, mostLayers));
  return {
    find,
    redact(text) {
      let out = '';
      let from = 0;
      for (const { start, end, name } of find(text)) {
        out += `${text.slice(from, start)}${markOf(name)}`;
        from = end;
      }
      return from === 0 ? text : out + text.slice(from);
    },
  };
}

export const markOf = (name: string) => `[redacted: ${name}]`;

/** What is decoded reads as bytes: a value beyond ASCII looks otherwise there. */
function readings({ name, value }: OwnValue): OwnValue[] {
  const bytes = String.fromCharCode(...new TextEncoder().encode(value));
  return bytes === value
    ? [{ name, value }]
    : [
        { name, value },
        { name, value: bytes },
      ];
}

type Sought = { own: readonly OwnValue[]; shaped: readonly Shape[] };

/** No secret and no encoding of one is without this; decoded noise is. */
const words = /[\x20-\x7e]{8}/;

function spansOf(text: string, sought: Sought, layers: number): SecretSpan[] {
  const spans = ownSpans(text, sought.own);
  if (!words.test(text)) return spans;
  if (anyKeyword.test(text)) spans.push(...shapedSpans(text, sought.shaped));
  if (layers === 0) return spans;
  for (const layer of layersOf(text)) {
    for (const { start, end, name } of spansOf(layer.text, sought, layers - 1)) {
      spans.push({ start: layer.start(start), end: layer.end(end), name: `${name}, ${layer.encoding}` });
    }
  }
  return spans;
}

function shapedSpans(text: string, shaped: readonly Shape[]): SecretSpan[] {
  return shaped
    .filter(({ keyword }) => text.includes(keyword))
    .flatMap(({ name, pattern }) =>
      [...text.matchAll(pattern)].map(({ 0: found, index: start }) => ({ start, end: start + found.length, name })),
    );
}

function ownSpans(text: string, own: readonly OwnValue[]): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const { name, value } of own) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
      spans.push({ start: at, end: at + value.length, name });
    }
  }
  return spans;
}

/** In order and apart; of those that overlap the first names them all: the plainest one, for it was found first. */
function merged(spans: SecretSpan[]): SecretSpan[] {
  const apart: SecretSpan[] = [];
  const plainness = (name: string) => name.split(', ').length;
  for (const span of spans.toSorted((a, b) => a.start - b.start || plainness(a.name) - plainness(b.name))) {
    const last = apart.at(-1);
    if (!last || span.start >= last.end) {
      apart.push({ ...span });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    if (plainness(span.name) < plainness(last.name)) last.name = span.name;
  }
  return apart;
}
