import { expect, test } from 'vitest';
import { linkParts } from './link-parts.ts';

test('only http addresses become links', () => {
  const text = 'Open\nhttp://127.0.0.1:3000/sign-in/confirm?token=a&email=b%40c\nnot javascript:alert(1).';
  expect(linkParts(text).filter((part) => part.href)).toEqual([
    {
      text: 'http://127.0.0.1:3000/sign-in/confirm?token=a&email=b%40c',
      href: 'http://127.0.0.1:3000/sign-in/confirm?token=a&email=b%40c',
    },
  ]);
  expect(
    linkParts(text)
      .map((part) => part.text)
      .join(''),
  ).toBe(text);
});
