import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../ports/model.ts';
import { breakpointsOf } from './breakpoints.ts';

const user = (...texts: string[]): ModelMessage => ({
  role: 'user',
  content: texts.map((text) => ({ type: 'text', text })),
});
const said: ModelMessage = { role: 'assistant', content: [{ type: 'text', text: 'x' }] };

describe('breakpointsOf', () => {
  it.each([
    ['nothing', [], []],
    ['the task alone, once', [user('task')], [[0, 0]]],
    [
      'the task and what was said after it',
      [user('task', 'more')],
      [
        [0, 0],
        [0, 1],
      ],
    ],
    [
      'the last two user messages',
      [user('task'), said, user('a')],
      [
        [0, 0],
        [2, 0],
      ],
    ],
    [
      'the last blocks of both',
      [user('t'), said, user('a', 'b'), said, user('c', 'd', 'e')],
      [
        [0, 0],
        [2, 1],
        [4, 2],
      ],
    ],
    [
      'never more than three',
      [user('t', 'u'), said, user('a'), said, user('b')],
      [
        [0, 0],
        [2, 0],
        [4, 0],
      ],
    ],
  ] as [string, ModelMessage[], number[][]][])('%s', (_name, messages, expected) => {
    expect(breakpointsOf(messages).map(({ message, block }) => [message, block])).toEqual(expected);
  });

  it('marks where the last call ended, so that this one reads all that it wrote', () => {
    const messages = [user('task')];
    for (let turn = 0; turn < 30; turn += 1) {
      const before = breakpointsOf(messages).at(-1);
      messages.push(said, user(...Array.from({ length: 1 + (turn % 40) }, (_, index) => `${turn}.${index}`)));
      expect(breakpointsOf(messages)).toContainEqual(before);
    }
  });
});
