import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Messages that had been given up are sent once more. */
export const webhookResent = z.object({ ...namedWebhook, messages: z.int() });
