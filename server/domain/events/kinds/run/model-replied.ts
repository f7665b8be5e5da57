import { z } from 'zod';
import { contentBlock, stopReasons, usage } from '../../../ports/model.ts';

/** The model’s answer, just as it is sent back to it in later calls, and what it cost. */
export const modelReplied = z.object({
  turn: z.int(),
  model: z.string(),
  content: z.array(contentBlock),
  stopReason: z.enum(stopReasons),
  usage,
  costMicros: z.int(),
  durationMs: z.int(),
});
