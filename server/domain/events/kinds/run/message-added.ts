import { z } from 'zod';

/** Text that reaches the agent before its next model call: an answer, a landing notice, a correction. */
export const messageAdded = z.object({
  source: z.enum(['platform', 'person']),
  text: z.string(),
  /** The command row by which a person sent it. */
  commandId: z.string().optional(),
});
