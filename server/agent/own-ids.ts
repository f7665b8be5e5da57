import type { ContentBlock } from '../domain/ports/model.ts';

const wellFormed = /^[\w-]{1,64}$/;

/**
 * The content with an id of its own for every call. Results, intents and the desk's double calls are all found by it, and
 * some servers number the calls of each reply from zero again, or give two the same. `known` are the ids of earlier replies.
 */
export function withOwnIds(content: ContentBlock[], { turn, known }: { turn: number; known: readonly string[] }) {
  const taken = new Set(known);
  return content.map((block, index): ContentBlock => {
    if (block.type !== 'tool_use') return block;
    let id = wellFormed.test(block.id) ? block.id : `call-${turn}-${index + 1}`;
    if (taken.has(id)) id = `call-${turn}-${index + 1}`;
    while (taken.has(id)) id += '-again';
    taken.add(id);
    return { ...block, id };
  });
}
