import { expect, test } from 'vitest';
import { cutLines, revealHidden, stripAnsi } from './plain-text.ts';

test('colour, cursor and title codes of a terminal go; the last state of a redrawn line stays', () => {
  expect(stripAnsi('\u001b[32m✔\u001b[0m ok\n\u001b]0;title\u0007end')).toBe('✔ ok\nend');
  expect(stripAnsi('10 %\r50 %\rdone\nnext\r\nlast')).toBe('done\nnext\nlast');
});

test('characters that would not be seen are shown by their code point', () => {
  expect(revealHidden('if (a\u202e) { b\u200b }')).toEqual([
    { text: 'if (a', hidden: false },
    { text: 'U+202E', hidden: true },
    { text: ') { b', hidden: false },
    { text: 'U+200B', hidden: true },
    { text: ' }', hidden: false },
  ]);
  expect(revealHidden('tab\tand\nline stay')).toEqual([{ text: 'tab\tand\nline stay', hidden: false }]);
});

test('long text is cut at a line, and says how many follow', () => {
  expect(cutLines('a\nb\nc\nd', 2)).toEqual({ shown: 'a\nb', more: 2 });
  expect(cutLines('a\nb', 2)).toEqual({ shown: 'a\nb', more: 0 });
});
