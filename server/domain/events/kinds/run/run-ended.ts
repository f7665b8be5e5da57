import { z } from 'zod';
import { runOutcome } from '../../../runs/run-state.ts';

/** The last event of a run, and what it used in all. */
export const runEnded = z.object({
  outcome: runOutcome,
  millisUsed: z.int(),
  costMicros: z.int(),
  turns: z.int(),
  toolCalls: z.int(),
});
