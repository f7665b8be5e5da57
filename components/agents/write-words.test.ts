import { expect, test } from 'vitest';
import { writeWords } from './write-words.ts';

test('says what a role may write', () => {
  expect(writeWords([])).toBe('nothing');
  expect(writeWords(['src/**', 'test/**'])).toBe('src/**, test/**');
  expect(writeWords(['**', '!@ci', '!@secrets'])).toBe('** except @ci, @secrets');
});
