import type { Conversation } from './conversation.ts';

export type Call = { tool: string; input: Record<string, unknown> };

/**
 * One turn of a scripted agent. `expects` reads what the tools really answered: a story that meets anything else
 * has no next turn, so that a changed product fails loudly instead of being reviewed from memory.
 */
export type Turn = {
  expects?: (conversation: Conversation) => boolean;
  say: string;
  calls: Call[] | ((conversation: Conversation) => Call[]);
};

/**
 * The turns of one role in one round, in order; several turns at a position are alternatives. `when` reads the first
 * message: a part that is for some runs only stands before the one for all others.
 */
export type Part = {
  role: string;
  round: number | 'any';
  when?: (brief: string) => boolean;
  turns: (Turn | Turn[])[];
};

export type Story = { name: string; parts: Part[] };

/** Every result contains the pattern's match, or with `some` at least one does. */
export function all(pattern: RegExp): (conversation: Conversation) => boolean {
  return ({ results }) => results.length > 0 && results.every((result) => pattern.test(result));
}

export function some(...patterns: RegExp[]): (conversation: Conversation) => boolean {
  return ({ results }) => patterns.every((pattern) => results.some((result) => pattern.test(result)));
}

/** Which turn is next: what was summed up is found again by what the last turn said. */
function placeIn({ turns }: Part, { position, after }: Conversation): number {
  if (after === null) return position;
  const last = turns.findIndex((turn) => [turn].flat().some(({ say }) => say === after.say));
  return last === -1 ? position : last + (after.done ? 1 : 0);
}

/** The turn the story plays now, or null when the conversation has left the story. */
export function nextTurn(story: Story, conversation: Conversation): Turn | null {
  const part = story.parts.find(
    ({ role, round, when }) =>
      role === conversation.role &&
      (round === 'any' || round === conversation.round) &&
      (when?.(conversation.brief) ?? true),
  );
  const at = part?.turns[placeIn(part, conversation)];
  const alternatives = Array.isArray(at) ? at : at ? [at] : [];
  return alternatives.find(({ expects }) => expects?.(conversation) ?? true) ?? null;
}

export function callsOf(turn: Turn, conversation: Conversation): Call[] {
  return typeof turn.calls === 'function' ? turn.calls(conversation) : turn.calls;
}
