import type { ModelMessage } from '../ports/model.ts';

/** The block behind which the provider is asked to keep what it has read. */
export type Breakpoint = { message: number; block: number };

/**
 * Where the cache breakpoints of a conversation lie; a fourth lies behind the system prompt. The task, which outlives every
 * compaction; the end of the last user message but one, which is where the last call ended and wrote; and the end of the
 * last, which the next call will read. A reply of more blocks than the provider looks back over is so met exactly.
 */
export function breakpointsOf(messages: readonly ModelMessage[]): Breakpoint[] {
  const users = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : []));
  const ends = users.slice(-2).map((message) => ({ message, block: messages[message]!.content.length - 1 }));
  const first = users[0];
  const task = first === undefined ? [] : [{ message: first, block: 0 }];
  const isNew = ({ message, block }: Breakpoint) => message !== first || block !== 0;
  return [...task, ...ends.filter(isNew)];
}
