import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** An address that events (those that pass `filter`) or signed heads are sent to from the leaf `from` on; only where it leads, not its path. */
export const webhookSaved = z.object({
  ...namedWebhook,
  filter: z.string(),
  sendsEvents: z.boolean(),
  sendsHeads: z.boolean(),
  from: z.int(),
  replaced: z.boolean(),
});
