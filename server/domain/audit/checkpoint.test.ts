import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fromBase64, utf8Bytes } from './bytes.ts';
import {
  auditKeyName,
  checkSignature,
  checkpointNote,
  checkpointText,
  parseCheckpoint,
  parseVerifierKey,
  verifierKey,
} from './checkpoint.ts';
import { nodeHashing } from './node-hashing.ts';
import { plainHashing } from './plain-hashing.ts';

const { sha256 } = nodeHashing;

function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
  const key = { name: auditKeyName(sha256, raw), publicKey: raw };
  return { key, sign: (text: string) => new Uint8Array(sign(null, utf8Bytes(text), privateKey)) };
}

const head = { origin: 'fleet-audit/org_1', size: 1234, root: new Uint8Array(sha256()) };
const signer = makeKey();
const note = checkpointNote(sha256, head, { ...signer.key, signature: signer.sign(checkpointText(head)) });

describe('a signed head', () => {
  test('is a text of three lines and a signature', () => {
    expect(note.split('\n').slice(0, 4)).toEqual([
      'fleet-audit/org_1',
      '1234',
      '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
      '',
    ]);
    expect(note).toMatch(/\n— fleet-audit\/[0-9a-f]{16} [\w+/]+=*\n$/);
    expect(parseCheckpoint(note)).toMatchObject(head);
  });

  test.each([
    ['Node', nodeHashing],
    ['plain code', plainHashing],
  ])('holds under its own key and no other: %s', (_, hashing) => {
    const read = parseCheckpoint(note);
    if (!read) throw new Error('it is one');
    expect(checkSignature(hashing, read, [makeKey().key, signer.key])).toBe('signed');
    expect(checkSignature(hashing, read, [makeKey().key])).toBe('unknown-key');
    const posing = { ...makeKey().key, name: signer.key.name };
    expect(checkSignature(hashing, read, [posing])).toBe('unknown-key');
    const other = parseCheckpoint(note.replace('\n1234\n', '\n1235\n'));
    expect(other && checkSignature(hashing, other, [signer.key])).toBe('bad-signature');
    expect(hashing.signedBy(Uint8Array.of(1), utf8Bytes('x'), Uint8Array.of(2))).toBe(false);
  });

  test.each([
    ['no size', note.replace('\n1234\n', '\nmany\n')],
    ['a size with a zero before it', note.replace('\n1234\n', '\n01234\n')],
    ['a short root', note.replace('47DEQpj8', '')],
    ['no signature', note.slice(0, note.indexOf('—'))],
    ['nothing', ''],
  ])('%s is none', (_, text) => {
    expect(parseCheckpoint(text)).toBeNull();
  });
});

describe('a key in one line', () => {
  test('is read back', () => {
    const line = verifierKey(sha256, signer.key);
    expect(line).toMatch(/^fleet-audit\/[0-9a-f]{16}\+[0-9a-f]{8}\+A/);
    expect(parseVerifierKey(sha256, `${line}\n`)).toEqual(signer.key);
  });

  // The example of https://c2sp.org/signed-note.
  test('is the line that other tools write', () => {
    const line = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
    const key = parseVerifierKey(sha256, line);
    expect(key).toEqual({
      name: 'PeterNeumann',
      publicKey: fromBase64('GlzZBxQ8OExB6DDFvOEqqIF+xWSaqr8sMTiLNbLXRNY='),
    });
    expect(key && verifierKey(sha256, key)).toBe(line);
  });

  test.each([['a+b'], ['a+00000000+AQ=='], [verifierKey(sha256, signer.key).replace(/\+[0-9a-f]{8}\+/, '+00000000+')]])(
    '%s is none',
    (line) => {
      expect(parseVerifierKey(sha256, line)).toBeNull();
    },
  );
});
