import canonicalize from 'canonicalize';
import { fromBase64, toBase64 } from './bytes.ts';

// RFC 8785 carries every JSON value but strings with lone surrogates, and numbers only as far as doubles are exact.
// What falls outside is written in a form of its own, unmistakably: a string as { "b64": … } (UTF-16LE), such a string
// as a key with the prefix "~u:", an integer beyond 2^53 as its decimal digits. To keep that unmistakable, a key that
// starts with "~", and the key of an object whose only key is "b64", get one more "~" in front.

/** What lies deeper is cut: no reader of an event may be brought down by its nesting. */
const maxDepth = 500;
const tooDeep = '[cut: nested deeper than 500 levels]';

/** The bytes that are stored and hashed. Values without a JSON form are left out as JSON.stringify does. */
export function canonicalBytes(value: unknown): Uint8Array {
  const text = canonicalize(encode(value, 0));
  if (text === undefined) throw new TypeError('a value without a JSON form has no canonical bytes');
  return new TextEncoder().encode(text);
}

/** The value behind canonical bytes; throws SyntaxError for bytes that are none. */
export function fromCanonicalBytes(bytes: Uint8Array): unknown {
  return decode(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)));
}

function encode(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : { b64: utf16ToBase64(value) };
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (hasToJson(value)) return encode(value.toJSON(), depth);
  if (depth >= maxDepth) return tooDeep;
  if (Array.isArray(value)) return Array.from(value, (item) => encode(item, depth + 1));
  const entries = Object.entries(value).filter(([, item]) => hasJsonForm(item));
  const lone = entries.length === 1;
  return Object.fromEntries(entries.map(([key, item]) => [encodeKey(key, lone), encode(item, depth + 1)]));
}

function encodeNumber(value: number): unknown {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return BigInt(value).toString();
  return value;
}

function hasToJson(value: object): value is { toJSON(): unknown } {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function hasJsonForm(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}

function encodeKey(key: string, lone: boolean): string {
  if (!key.isWellFormed()) return `~u:${utf16ToBase64(key)}`;
  return key.startsWith('~') || (lone && key === 'b64') ? `~${key}` : key;
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(decode);
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'b64' && typeof first[1] === 'string') return utf16FromBase64(first[1]);
  return Object.fromEntries(entries.map(([key, item]) => [decodeKey(key), decode(item)]));
}

function decodeKey(key: string): string {
  if (key.startsWith('~u:')) return utf16FromBase64(key.slice(3));
  return key.startsWith('~') ? key.slice(1) : key;
}

function utf16ToBase64(text: string): string {
  const bytes = new Uint8Array(2 * text.length);
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    bytes[2 * at] = unit & 0xff;
    bytes[2 * at + 1] = unit >> 8;
  }
  return toBase64(bytes);
}

function utf16FromBase64(text: string): string {
  const bytes = fromBase64(text);
  if (bytes === null) throw new SyntaxError('a string of canonical bytes is not base64');
  let units = '';
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    units += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  }
  return units;
}
