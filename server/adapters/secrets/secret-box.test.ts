import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.ts';
import { aesSecretBox } from './secret-box.ts';

const box = aesSecretBox('ab'.repeat(32));
const secret = 'sk-ant-api03-Grüße';

describe('aesSecretBox', () => {
  it('opens what it sealed, and never seals alike', () => {
    const one = box.seal(secret, 'org_1:key');
    const two = box.seal(secret, 'org_1:key');
    expect(box.open(one, 'org_1:key')).toBe(secret);
    expect(one.ciphertext).not.toEqual(two.ciphertext);
    expect(Buffer.from(one.ciphertext).includes('sk-ant')).toBe(false);
  });

  it.each([
    ['in another org', (sealed: ReturnType<typeof box.seal>) => box.open(sealed, 'org_2:key')],
    [
      'under another master key',
      (sealed: ReturnType<typeof box.seal>) => aesSecretBox('cd'.repeat(32)).open(sealed, 'org_1:key'),
    ],
    [
      'with one bit changed',
      (sealed: ReturnType<typeof box.seal>) => {
        const ciphertext = sealed.ciphertext.slice();
        ciphertext[0]! ^= 1;
        return box.open({ ...sealed, ciphertext }, 'org_1:key');
      },
    ],
    [
      'with a shortened tag',
      (sealed: ReturnType<typeof box.seal>) =>
        box.open({ ...sealed, ciphertext: sealed.ciphertext.slice(0, 4) }, 'org_1:key'),
    ],
  ])('does not open %s', (_name, open) => {
    expect(() => open(box.seal(secret, 'org_1:key'))).toThrow(AppError);
  });

  it('refuses a key of another length', () => {
    expect(() => aesSecretBox('abcd')).toThrow('FLEET_MASTER_KEY');
  });
});
