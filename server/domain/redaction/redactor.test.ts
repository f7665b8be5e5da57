import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactedStream } from './redacted-stream.ts';
import { makeRedactor } from './redactor.ts';
import { drawing, encodings, sampleSecrets } from './testing/sample-secrets.ts';
import { benignLine } from './testing/benign-lines.ts';

const own = { name: 'DEPLOY_TOKEN', value: 'correct horse/battery+"staple"' };
const redactor = makeRedactor([own]);
const secrets = [...sampleSecrets(drawing(7)), [own.name, own.value] as [string, string]];
const layers = Object.keys(encodings);

/** The part of a secret that opens something: without the words that it is recognised by. */
const essence = (secret: string) => secret.replace(/^aws_secret_access_key = /, '').slice(-30);

describe('a secret', () => {
  test.each(secrets)('of the kind %s is replaced by its name', (name, secret) => {
    const text = `before ${secret} after`;
    const redacted = redactor.redact(text);
    expect(redacted).toContain(`[redacted: ${name}]`);
    expect(redacted).not.toContain(essence(secret));
    expect(redacted.startsWith('before ')).toBe(true);
    expect(redacted.endsWith(' after')).toBe(true);
    expect(redactor.redact(redacted)).toBe(redacted);
  });

  test.each(layers.flatMap((outer) => ['', ...layers].map((inner) => [outer, inner] as const)))(
    'is found under %s over "%s"',
    (outer, inner) => {
      for (const [, secret] of secrets) {
        const once = inner === '' ? secret : (encodings[inner]?.(secret) ?? '');
        const twice = encodings[outer]?.(once) ?? '';
        const redacted = redactor.redact(`x=${twice};`);
        expect(redacted, secret).toContain('[redacted: ');
        expect(redacted.length, secret).toBeLessThan(twice.length + 60);
        expect(redacted).not.toContain(twice.slice(8, -8));
      }
    },
  );

  test('is found inside an encoded text, wherever it begins, also in wrapped lines', () => {
    for (const [, secret] of secrets) {
      for (const before of ['', '=', ': ', '== ', 'key: ']) {
        const whole = Buffer.from(`${before}${secret}\nrest of the file`).toString('base64');
        const wrapped = whole.replaceAll(/(.{76})/g, '$1\n');
        expect(redactor.redact(`-n ${wrapped}`), `${before} ${secret}`).toContain('[redacted: ');
        expect(redactor.redact(Buffer.from(`${before}${secret}`).toString('hex'))).toContain('[redacted: ');
      }
    }
  });

  test('leaves what stands round it', () => {
    const [, secret] = secrets[8] as [string, string];
    expect(redactor.redact(`{"a":"x","token":"${secret}","b":"y"}`)).toBe(
      '{"a":"x","token":"[redacted: github-token]","b":"y"}',
    );
    const encoded = encodings['hex']?.(`user ${secret} end of it`) ?? '';
    expect(redactor.redact(encoded)).toBe(
      `${encodings['hex']?.('user ')}[redacted: github-token, hex]${encodings['hex']?.(' end of it')}`,
    );
  });

  test('in parts is replaced as in one piece, wherever the parts end', () => {
    const draw = drawing(11);
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: secrets.length + 6 }), { minLength: 1, maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom('', ...layers),
        (picks, sizes, layer) => {
          const texts = picks.map((n) => secrets[n]?.[1] ?? benignLine(draw));
          const text = texts.map((one) => (layer === '' ? one : (encodings[layer]?.(one) ?? ''))).join('\n and ');
          const stream = redactedStream(redactor);
          let out = '';
          for (let at = 0, n = 0; at < text.length; n += 1) {
            const size = sizes[n % sizes.length] ?? 1;
            out += stream.push(text.slice(at, at + size));
            at += size;
          }
          expect(out + stream.end()).toBe(redactor.redact(text));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('innocent text', () => {
  test('of twenty thousand lines is left alone', () => {
    const draw = drawing(3);
    const changed: string[] = [];
    for (let n = 0; n < 20_000; n += 1) {
      const line = benignLine(draw);
      if (redactor.redact(line) !== line) changed.push(line);
    }
    expect(changed).toEqual([]);
  });

  test('comes through parts as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 })), (parts) => {
        const stream = redactedStream(redactor);
        expect(parts.map((part) => stream.push(part)).join('') + stream.end()).toBe(parts.join(''));
      }),
    );
  });

  test('a value of the org that is too short to tell is not looked for', () => {
    expect(makeRedactor([{ name: 'PIN', value: '1234567' }]).redact('1234567')).toBe('1234567');
  });
});
