import { fromBase64, fromHex, hex, joined, sameBytes, toBase64, utf8Bytes } from './bytes.ts';
import type { Hashing, Sha256 } from './hashing.ts';

// A signed head is a checkpoint (https://c2sp.org/tlog-checkpoint) in a signed note (https://c2sp.org/signed-note) with one
// Ed25519 signature, so that witnesses and verifiers for other transparency logs can read it.

const ed25519Type = 0x01;
const signatureLine = /^— (\S+) (\S+)$/;

/** The name of an org's tree: the first line of everything that is signed about it. */
export const originOf = (org: string) => `fleet-audit/${org}`;

export type TreeHead = { origin: string; size: number; root: Uint8Array };

/** What is signed: origin, size and root, a line each. */
export function checkpointText({ origin, size, root }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

export type AuditPublicKey = { name: string; publicKey: Uint8Array };

/** A key is named after itself: nobody can pass another off under its name. */
export function auditKeyName(sha256: Sha256, publicKey: Uint8Array): string {
  return `fleet-audit/${hex(sha256(publicKey).subarray(0, 8))}`;
}

function keyHash(sha256: Sha256, { name, publicKey }: AuditPublicKey): Uint8Array {
  return sha256(utf8Bytes(`${name}\n`), Uint8Array.of(ed25519Type), publicKey).subarray(0, 4);
}

/** The key in one line, as note verifiers take it: `name+hash+key`. */
export function verifierKey(sha256: Sha256, key: AuditPublicKey): string {
  const typed = joined([Uint8Array.of(ed25519Type), key.publicKey]);
  return `${key.name}+${hex(keyHash(sha256, key))}+${toBase64(typed)}`;
}

/** The key behind such a line; null when it is none. */
export function parseVerifierKey(sha256: Sha256, line: string): AuditPublicKey | null {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line.trim()) ?? [];
  const typed = encoded === undefined ? null : fromBase64(encoded);
  if (name === undefined || hash === undefined || typed?.length !== 33 || typed[0] !== ed25519Type) return null;
  const key = { name, publicKey: typed.subarray(1) };
  return sameBytes(keyHash(sha256, key), fromHex(hash)) ? key : null;
}

/** The keys behind such lines; what is none is left out. */
export function trustedKeys(sha256: Sha256, lines: readonly string[]): AuditPublicKey[] {
  return lines.flatMap((line) => parseVerifierKey(sha256, line) ?? []);
}

/** The whole note: text, an empty line, the signature. `signature` is over the UTF-8 bytes of `checkpointText`. */
export function checkpointNote(sha256: Sha256, head: TreeHead, by: AuditPublicKey & { signature: Uint8Array }): string {
  return signedNote(sha256, checkpointText(head), by);
}

/** Any text that ends with a line feed as a signed note. */
export function signedNote(sha256: Sha256, text: string, by: AuditPublicKey & { signature: Uint8Array }): string {
  const signed = toBase64(joined([keyHash(sha256, by), by.signature]));
  return `${text}\n— ${by.name} ${signed}\n`;
}

export type NoteSignature = { name: string; hash: Uint8Array; signature: Uint8Array };
export type SignedText = { text: string; signatures: NoteSignature[] };
export type Checkpoint = TreeHead & SignedText;

/** A signed note of lines that are not empty; null for what is none. Says nothing about who signed it. */
export function parseSignedText(note: string): SignedText | null {
  const [, text, signed] = /^((?:[^\n]+\n)+)\n((?:— [^\n]+\n)+)$/.exec(note) ?? [];
  if (text === undefined) return null;
  const signatures = (signed ?? '').split('\n').flatMap((line) => {
    const [, name, base64 = ''] = signatureLine.exec(line) ?? [];
    const bytes = fromBase64(base64);
    return name === undefined || bytes?.length !== 68
      ? []
      : [{ name, hash: bytes.subarray(0, 4), signature: bytes.subarray(4) }];
  });
  return { text, signatures };
}

/** Null for what is no checkpoint. Says nothing about who signed it. */
export function parseCheckpoint(note: string): Checkpoint | null {
  const signed = parseSignedText(note);
  const [origin, size = '', encoded = ''] = signed?.text.split('\n') ?? [];
  const root = fromBase64(encoded);
  if (signed === null || origin === undefined || !/^(?:0|[1-9]\d{0,14})$/.test(size) || root?.length !== 32)
    return null;
  return { origin, size: Number(size), root, ...signed };
}

export type Signed = 'signed' | 'unknown-key' | 'bad-signature';

/** Whether one of `keys` signed it. */
export function checkSignature(hashing: Hashing, signed: SignedText, keys: readonly AuditPublicKey[]): Signed {
  let found: Signed = 'unknown-key';
  for (const { name, hash, signature } of signed.signatures) {
    const key = keys.find((one) => one.name === name && sameBytes(keyHash(hashing.sha256, one), hash));
    if (!key) continue;
    if (hashing.signedBy(key.publicKey, utf8Bytes(signed.text), signature)) return 'signed';
    found = 'bad-signature';
  }
  return found;
}
