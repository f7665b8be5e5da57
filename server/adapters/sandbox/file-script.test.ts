import { describe, expect, test } from 'vitest';
import { readAnswer, writeAnswer } from './file-script.ts';

describe('answers', () => {
  test.each([
    ['file 5\nab', { kind: 'file', bytes: Buffer.from('ab'), size: 5 }],
    ['file 0\n', { kind: 'file', bytes: Buffer.from(''), size: 0 }],
    ['directory\ndb\0fa\0lc\0', { kind: 'directory', entries: ['a', 'b/', 'c'] }],
    ['missing\n', { kind: 'missing' }],
    ['outside\n', { kind: 'refused', reason: 'the path leads out of /work through a link' }],
    ['', { kind: 'refused', reason: 'the file could not be read' }],
  ])('%j of a read', (text, answer) => expect(readAnswer(Buffer.from(text))).toEqual(answer));

  test.each([
    ['written\n', { kind: 'written' }],
    ['exists\n', { kind: 'exists' }],
    ['git\n', { kind: 'refused', reason: 'nothing may be written inside a .git folder' }],
    ['rubbish', { kind: 'refused', reason: 'the file could not be written' }],
  ])('%j of a write', (text, answer) => expect(writeAnswer(Buffer.from(text))).toEqual(answer));
});
