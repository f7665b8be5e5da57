import { describe, expect, test } from 'vitest';
import { completeFilter } from './complete-filter.ts';

const words = {
  kinds: ['approval.decided', 'approval.requested', 'run.ended'],
  actors: ['people', 'ann@example.com'],
  repos: ['my repo', 'shop'],
  tasks: [{ number: 12, title: 'Add pages' }],
};
const offered = (before: string) => completeFilter(before, words).options.map(({ value }) => value);

describe('where nothing is written', () => {
  test('fields are offered', () => expect(offered('')).toContain('kind:'));
  test('also behind what is there', () => expect(offered('kind:x ')).toHaveLength(8));
});

test.each([
  ['re', ['repo:']],
  ['x re', ['repo:']],
  ['kind:appr', ['kind:approval.* ', 'kind:approval.decided ', 'kind:approval.requested ']],
  ['kind:run.ended', []],
  ['actor:ANN', ['actor:ann@example.com ']],
  ['repo:my', ['repo:"my repo" ']],
  ['repo:"my r', ['repo:"my repo" ']],
  ['task:pag', ['task:12 ']],
  ['after:7', ['after:7d ']],
  ['nofield:x', []],
  ['zzz', []],
])('%j', (before, values) => expect(offered(before)).toEqual(values));

test('only the word before the caret is replaced', () => {
  expect(completeFilter('log:org repo:sh', words).from).toBe(8);
});
