import { describe, expect, test } from 'vitest';
import { interruptedCall, neverStartedCall } from '../../../domain/transcript/notices.ts';
import { readConversation, type ChatMessage } from './conversation.ts';
import * as edits from './pagination/edits.ts';
import { paginationStory } from './pagination/story.ts';
import { nextTurn } from './story.ts';

const brief = (role: string, round: number): ChatMessage => ({
  role: 'user',
  content: `Role: ${role}\nRound: ${round}\n\n## Task`,
});
const turn = (...results: string[]): ChatMessage[] => [
  { role: 'assistant', content: 'calls' },
  ...results.map((content) => ({ role: 'tool', content })),
];

describe('where a conversation stands in its story', () => {
  test('a turn is done when every call has answered', () => {
    const messages = [brief('developer', 1), ...turn('listUsers'), ...turn('pass 7')];
    expect(readConversation(messages)).toMatchObject({ role: 'developer', round: 1, position: 2, results: ['pass 7'] });
  });

  test.each([interruptedCall('shell', 'c1'), neverStartedCall('shell', 'c1')])(
    'a turn with a lost call is said again, with what was known before it: %s',
    (lost) => {
      const messages = [brief('developer', 1), ...turn('listUsers'), ...turn('fine', lost)];
      expect(readConversation(messages)).toMatchObject({ position: 1, results: ['listUsers'] });
    },
  );

  test('a turn with arguments that are no JSON is said again', () => {
    const spoiled = 'shell was not called: its arguments are not valid JSON (cut off, or wrongly escaped).';
    const messages = [brief('developer', 1), ...turn('listUsers'), ...turn('fine', spoiled)];
    expect(readConversation(messages)).toMatchObject({ position: 1, results: ['listUsers'] });
  });

  test.each([
    ['pass 7', 2],
    [interruptedCall('shell', 'c1'), 1],
  ])('what was summed up is found again by what the last turn said: after %s it is turn %i', (result, at) => {
    const turns = ['One.', 'Two.', 'Three.'].map((say) => ({ say, calls: [] }));
    const story = { name: 'three', parts: [{ role: 'developer', round: 1, turns }] };
    const { content } = brief('developer', 1);
    const first = { role: 'user', content: `${String(content)}\n\nThis is what is left of it.` };
    const messages = [first, { role: 'assistant', content: 'Two.' }, { role: 'tool', content: result }];
    expect(nextTurn(story, readConversation(messages)!)).toBe(turns[at]);
  });

  test('a request that no agent of ours wrote is none', () => {
    expect(readConversation([{ role: 'user', content: 'hello' }])).toBeNull();
    expect(readConversation([])).toBeNull();
  });
});

describe('a story that meets another answer has no next turn', () => {
  const next = (messages: ChatMessage[]) => {
    const conversation = readConversation(messages);
    return conversation && nextTurn(paginationStory, conversation);
  };

  test('the developer goes on only when the tests did what they should', () => {
    expect(next([brief('developer', 1), ...turn('listUsers'), ...turn('# pass 7')])).not.toBeNull();
    expect(next([brief('developer', 1), ...turn('listUsers'), ...turn('# pass 6')])).toBeNull();
  });

  test('the probe decides what the reviewer says', () => {
    const probes = (second: string, third: string) =>
      next([
        brief('code-reviewer', 2),
        ...turn('GET /users?page=3 -> 200, 5 items, first m005', second, third, 'file'),
      ]);
    const bad = probes(
      'GET /users?page=-1 -> 200, 20 items, first m040',
      'GET /users?pageSize=100000 -> 200, 45 items, first m045',
    );
    const good = probes('GET /users?page=-1 -> 400, invalid_query', 'GET /users?pageSize=100000 -> 400, invalid_query');
    expect(bad?.say).toContain('wrong answer');
    expect(good?.say).toContain('refused now');
    expect(probes('GET /users?page=-1 -> 500, x', 'GET /users?pageSize=100000 -> 400, invalid_query')).toBeNull();
  });

  test('no third round and no other role', () => {
    expect(next([brief('developer', 3)])).toBeNull();
    expect(next([brief('release-manager', 1)])).toBeNull();
  });
});

test('an edit that is applied does not apply again', () => {
  for (const edit of Object.values(edits)) {
    if ('old_text' in edit) expect(edit.new_text.includes(edit.old_text)).toBe(false);
  }
});
