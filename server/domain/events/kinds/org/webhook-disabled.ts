import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Nothing is sent there until it is turned on. `why`: a person, three days of failure, or the answer that it is gone. */
export const webhookDisabled = z.object({
  ...namedWebhook,
  why: z.enum(['person', 'failing', 'gone']),
  problem: z.string(),
});
