import type { ModelMessage } from '../../domain/ports/model.ts';

/** Throws where a conversation would be refused: turns alternate, and every call is answered once, in order, first. */
export function checkMessages(messages: ModelMessage[]): void {
  messages.forEach((message, index) => {
    const expected = index % 2 === 0 ? 'user' : 'assistant';
    if (message.role !== expected) throw new Error(`Message ${index} is of ${message.role}, not ${expected}.`);
    if (message.content.length === 0) throw new Error(`Message ${index} is empty.`);
    if (message.role === 'assistant') return;
    const before = messages[index - 1];
    const asked = before?.role === 'assistant' ? before.content.filter((block) => block.type === 'tool_use') : [];
    const answered = message.content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    const opening = message.content.slice(0, answered.length).every((block) => block.type === 'tool_result');
    if (!opening) throw new Error(`Message ${index} has a result behind a text.`);
    const ids = asked.map((block) => block.id).join();
    if (answered.join() !== ids) throw new Error(`Message ${index} answers ${answered.join()} and not ${ids}.`);
  });
}
