import { z } from 'zod';
import { verdict } from '../../../policy/verdict.ts';

/** A call of the model, with what it may cost at most; written before it leaves. */
export const modelCalled = z.object({
  turn: z.int(),
  model: z.string(),
  maxTokens: z.int(),
  reservedMicros: z.int(),
  /** Prompt and reply together, at most. */
  reservedTokens: z.int().optional(),
  /** A call that asks for a summary of the conversation, and not for the agent's next turn. */
  purpose: z.literal('compaction').optional(),
  /** What let it be asked; calls older than this field have none. */
  verdict: verdict.optional(),
});
