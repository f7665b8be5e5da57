import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Messages that had been given up are sent no more: the one of that id, or all of them (null). The log keeps what they told of. */
export const webhookDiscarded = z.object({ ...namedWebhook, messages: z.int(), deliveryId: z.string().nullable() });
