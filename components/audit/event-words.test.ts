import { expect, test } from 'vitest';
import { eventWords } from './event-words.ts';

test('known kinds become a sentence, others are named', () => {
  expect(eventWords('task.created', { number: 3, title: 'Add pages' })).toBe('Task #3 filed: Add pages');
  expect(eventWords('a.kind-of-tomorrow', {})).toBe('a.kind-of-tomorrow');
  expect(eventWords('toString', {})).toBe('toString');
});
