import { z } from 'zod';
import { modelFaults } from '../../../ports/model.ts';

/** The run's model did not answer: from here on its fallback does. */
export const modelSwitched = z.object({
  turn: z.int(),
  from: z.string(),
  to: z.string(),
  fault: z.enum(modelFaults),
  /** Calls of the old model in a row that failed. */
  failures: z.int(),
});
