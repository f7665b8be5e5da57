import { Transform } from 'node:stream';
import type { NetworkCredential } from '../../domain/ports/sandbox.ts';
import { writeHeader } from '../../domain/secrets/header-form.ts';

/** Puts placeholders back where an answer repeats a secret. */
export type Veil = { text(content: string): string; body(): Transform };

type Word = { secret: Buffer; placeholder: Buffer };

/** For answers to a request that carried `used`. A secret is known as it is, and as headers, JSON and addresses write it. */
export function veil(used: readonly NetworkCredential[]): Veil {
  const words = used
    .flatMap(({ value, form, placeholder }) => {
      const sent = writeHeader(form, value);
      const coded = /^basic /i.test(sent) ? [sent.slice(6)] : [];
      const forms = new Set([value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), ...coded]);
      return [...forms].map((text) => ({ secret: Buffer.from(text, 'latin1'), placeholder: Buffer.from(placeholder) }));
    })
    // One may begin another: the longer goes first.
    .toSorted((a, b) => b.secret.length - a.secret.length);
  const hide = (content: Buffer) => words.reduce(replaced, content);
  return {
    text: (content) => hide(Buffer.from(content, 'latin1')).toString('latin1'),
    body: () => bodyVeil(words, hide),
  };
}

function replaced(content: Buffer, { secret, placeholder }: Word): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = content.indexOf(secret); at >= 0; at = content.indexOf(secret, from)) {
    parts.push(content.subarray(from, at), placeholder);
    from = at + secret.length;
  }
  return from === 0 ? content : Buffer.concat([...parts, content.subarray(from)]);
}

/** Holds back no more than what could be the beginning of a secret, so that a stream of events stays one. */
function bodyVeil(words: Word[], hide: (content: Buffer) => Buffer): Transform {
  let held = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const content = hide(Buffer.concat([held, chunk]));
      const keep = Math.max(0, ...words.map(({ secret }) => beginning(content, secret)));
      held = Buffer.from(content.subarray(content.length - keep));
      done(null, content.subarray(0, content.length - keep));
    },
    flush(done) {
      done(null, held);
    },
  });
}

/** How many bytes at the end of `content` are the beginning of `secret`, but not all of it. */
function beginning(content: Buffer, secret: Buffer): number {
  for (let size = Math.min(secret.length - 1, content.length); size > 0; size -= 1) {
    if (content.subarray(content.length - size).equals(secret.subarray(0, size))) return size;
  }
  return 0;
}
