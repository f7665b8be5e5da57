import { z } from 'zod';
import { planItem, decision } from '../../../runs/plan.ts';

/** The agent’s plan, whole, as it is now. */
export const planUpdated = z.object({
  callId: z.string(),
  items: z.array(planItem),
  /** What was decided since the last time, each with its reason. */
  decisions: z.array(decision).optional(),
});
