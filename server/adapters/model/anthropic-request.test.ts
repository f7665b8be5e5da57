import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../../domain/ports/model.ts';
import { plainAbilities } from './abilities.ts';
import { requestOf } from './anthropic-request.ts';

const user = (text: string): ModelMessage => ({ role: 'user', content: [{ type: 'text', text }] });
const said = (text: string): ModelMessage => ({ role: 'assistant', content: [{ type: 'text', text }] });
const tool = (name: string) => ({ name, description: 'x', input_schema: { type: 'object' } });
const base = { model: 'claude-opus-5-5', system: 's', tools: [tool('a'), tool('b')], maxTokens: 10 };

describe('requestOf', () => {
  it('sets a breakpoint behind system, task and the last two user messages', () => {
    const messages = [user('1'), said('2'), user('3'), said('4'), user('5')];
    const text = JSON.stringify(requestOf({ ...base, messages }, plainAbilities));
    const marked = [...text.matchAll(/"(?:text|name)":"(\w+)"[^{}]*(?:\{[^{}]*\},?)?"cache_control"/g)].map(
      (hit) => hit[1],
    );
    expect(marked.toSorted()).toEqual(['1', '3', '5', 's']);
    expect(text.match(/cache_control/g)).toHaveLength(4);
  });

  it('sends calls whose arguments were no JSON as an object', () => {
    const call = { type: 'tool_use', id: 't', name: 'a', input: '{"x' } as const;
    const result = { type: 'tool_result', tool_use_id: 't', content: 'no', is_error: true } as const;
    const messages: ModelMessage[] = [
      user('1'),
      { role: 'assistant', content: [call] },
      { role: 'user', content: [result] },
    ];
    const sent = requestOf({ ...base, messages }, plainAbilities).messages;
    expect(sent[1]!.content).toEqual([{ ...call, input: { invalid_json: '{"x' } }]);
    expect(sent[2]!.content).toEqual([{ ...result, cache_control: { type: 'ephemeral' } }]);
  });
});

describe('adaptive thinking', () => {
  it.each([true, false])('is asked for where the model knows it: %s', (thinks) => {
    const { thinking } = requestOf({ ...base, messages: [user('1')] }, { ...plainAbilities, thinks });
    expect(thinking).toEqual(thinks ? { type: 'adaptive' } : undefined);
  });
});
