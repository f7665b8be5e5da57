import { z } from 'zod';
import { modelFaults } from '../../../ports/model.ts';

/** A call of the model that brought no answer. */
export const modelFailed = z.object({
  turn: z.int(),
  fault: z.enum(modelFaults),
  message: z.string(),
  /** Null: not tried again in this slice. */
  retryInMs: z.int().nullable(),
  /** What the broken call counts as: nothing when it was refused, what was seen of it, else its reservation. */
  costMicros: z.int().nonnegative().default(0),
});
