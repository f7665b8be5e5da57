import { expect, test } from 'vitest';
import { callWords } from './call-words.ts';

const line = (tool: string, input: unknown) => {
  const { verb, target } = callWords(tool, input);
  return `${verb} ${target}`.trim();
};

test('says a tool call in one line', () => {
  expect(line('shell', { command: 'npm test\n&& echo done' })).toBe('Run npm test && echo done');
  expect(line('view', { path: 'a.js', start_line: 3, end_line: 9 })).toBe('Read a.js:3–9');
  expect(line('search', { pattern: 'listUsers', path: 'src' })).toBe('Search listUsers in src');
  expect(line('decide', { decision: 'changes_requested' })).toBe('Decide changes requested');
});

test('any input a model can invent has a line', () => {
  expect(line('shell', null)).toBe('Run');
  expect(line('view', ['x'])).toBe('Read');
  expect(line('create', { path: { a: 1 } })).toBe('Create {"a":1}');
  expect(line('constructor', {})).toBe('constructor');
});
