import { describe, expect, it } from 'vitest';
import type { ContentBlock } from '../domain/ports/model.ts';
import { withOwnIds } from './own-ids.ts';

const call = (id: string): ContentBlock => ({ type: 'tool_use', id, name: 'view', input: {} });

describe('withOwnIds', () => {
  it('leaves ids that are good', () => {
    const content: ContentBlock[] = [{ type: 'text', text: 'x' }, call('toolu_01'), call('toolu_02')];
    expect(withOwnIds(content, { turn: 1, known: ['toolu_00'] })).toEqual(content);
  });

  it.each([
    ['twice in a reply', ['a', 'a'], [], ['a', 'call-3-2']],
    ['known from an earlier reply', ['call_0'], ['call_0'], ['call-3-1']],
    ['taken though it looks like ours', ['call-3-2', 'call-3-2'], [], ['call-3-2', 'call-3-2-again']],
    ['empty, too long or with odd characters', ['', 'x'.repeat(65), 'a b'], [], ['call-3-1', 'call-3-2', 'call-3-3']],
  ] as [string, string[], string[], string[]][])('replaces an id that is %s', (_name, ids, known, expected) => {
    const content = withOwnIds(ids.map(call), { turn: 3, known });
    expect(content.map((block) => block.type === 'tool_use' && block.id)).toEqual(expected);
  });
});
