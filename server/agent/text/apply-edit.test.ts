import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertAfter, replaceOnce } from './apply-edit.ts';
import { linesOf, numberLines } from './number-lines.ts';

const file = 'one\n  two\nthree three\nfour\n';

describe('replaceOnce', () => {
  it.each([
    ['in the middle', ['  two', 'TWO'], { text: 'one\nTWO\nthree three\nfour\n', line: 2, lines: 1 }],
    ['several lines', ['one\n  two\n', ''], { text: 'three three\nfour\n', line: 1, lines: 1 }],
    ['no patterns', ['four', '$& $1 $$'], { text: 'one\n  two\nthree three\n$& $1 $$\n', line: 4, lines: 1 }],
    ['the last line', ['four\n', 'a\nb\n'], { text: 'one\n  two\nthree three\na\nb\n', line: 4, lines: 3 }],
  ] as const)('%s', (_, [oldText, newText], expected) => {
    expect(replaceOnce(file, { oldText, newText })).toEqual({ kind: 'edited', ...expected });
  });

  it.each([
    ['three', 'x', /occurs 2 times, on lines 3, 3\. Add lines around it/],
    ['e', 'x', /occurs 5 times, on lines 1, 3, 3, 3, 3\./],
    ['two three', 'x', /does not occur in the file\. The nearest is line 2: `two`|nearest is line 3/],
    ['\ttwo', 'x', /Line 2 differs in white space: `  two`/],
    ['one\ntwo', 'x', /Line 1 begins the same; a later line differs: `one`/],
    ['zebra', 'x', /does not occur in the file\. View the file/],
    ['', 'x', /old_text is empty/],
    ['one', 'one', /the same/],
  ])('refuses %j and says what to do', (oldText, newText, reason) => {
    const edit = replaceOnce(file, { oldText, newText });
    expect(edit.kind === 'refused' && edit.reason).toMatch(reason);
  });

  it('counts places that overlap', () => {
    const edit = replaceOnce('a a a', { oldText: 'a a', newText: '' });
    expect(edit.kind === 'refused' && edit.reason).toMatch(/occurs 2 times/);
  });

  it('finds the nearest line by its words', () => {
    const source = 'import a from "a";\nexport function listUsers(query) {\n  return all;\n}\n';
    const edit = replaceOnce(source, { oldText: 'export function listUsers() {', newText: 'x' });
    expect(edit.kind === 'refused' && edit.reason).toContain('nearest is line 2: `export function listUsers(query) {`');
  });

  it('keeps the line ends of a file', () => {
    const edit = replaceOnce('a\r\nb\r\nc\r\n', { oldText: 'a\nb', newText: 'x\ny\nz' });
    expect(edit).toMatchObject({ kind: 'edited', text: 'x\r\ny\r\nz\r\nc\r\n' });
  });

  it('changes what was named and nothing else', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', ' '), maxLength: 30 });
    fc.assert(
      fc.property(text, text, text, text, (before, oldText, newText, after) => {
        const edit = replaceOnce(`${before}${oldText}${after}`, { oldText, newText });
        if (edit.kind === 'refused') return;
        expect(edit.text).toBe(`${before}${newText}${after}`);
      }),
    );
  });
});

describe('insertAfter', () => {
  it.each([
    ['first', [file, 0, 'zero'], 'zero\none\n  two\nthree three\nfour\n'],
    ['between', [file, 1, 'a\nb\n'], 'one\na\nb\n  two\nthree three\nfour\n'],
    ['last', [file, 4, 'five'], 'one\n  two\nthree three\nfour\nfive\n'],
    ['behind a line without an end', ['one\ntwo', 2, 'three'], 'one\ntwo\nthree\n'],
    ['before a line without an end', ['one\ntwo', 1, 'x'], 'one\nx\ntwo'],
    ['into an empty file', ['', 0, 'x'], 'x\n'],
    ['with the line ends of the file', ['a\r\nb\r\n', 1, 'x\ny'], 'a\r\nx\r\ny\r\nb\r\n'],
    ['behind the last, with them too', ['a\r\nb', 2, 'x'], 'a\r\nb\r\nx\r\n'],
  ] as const)('%s', (_, [text, afterLine, put], expected) => {
    const edit = insertAfter(text, { afterLine, text: put });
    expect(edit).toMatchObject({ kind: 'edited', text: expected, line: afterLine + 1 });
  });

  it('refuses what lies past the end', () => {
    const edit = insertAfter(file, { afterLine: 5, text: 'x' });
    expect(edit.kind === 'refused' && edit.reason).toMatch(/has 4 lines/);
    expect(insertAfter(file, { afterLine: 1, text: '' }).kind).toBe('refused');
  });
});

describe('numberLines', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\n\n', ['a', '']],
  ])('%j has the lines %j', (text, lines) => {
    expect(linesOf(text)).toEqual(lines);
  });

  it('shows a range', () => {
    expect(numberLines(file, { start: 2, end: 3 })).toEqual({
      text: '     2\t  two\n     3\tthree three',
      first: 2,
      last: 3,
      total: 4,
    });
  });

  it('stops at its limit and says where', () => {
    const long = Array.from({ length: 1000 }, () => 'x'.repeat(90)).join('\n');
    const { last, total, text } = numberLines(long, { start: 1, end: 1000, mostBytes: 5000 });
    expect({ last, total }).toEqual({ last: 51, total: 1000 });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(5000);
  });

  it('cuts an endless line', () => {
    expect(numberLines('y'.repeat(50_000), { start: 1, end: 1 }).text).toMatch(/\[line cut: 50000 characters\]$/);
  });
});
