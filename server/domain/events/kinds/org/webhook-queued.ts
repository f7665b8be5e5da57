import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Events were handed out: those of the leaves from `from` up to and without `to` that pass its filter. Written before the first leaves. */
export const webhookQueued = z.object({ ...namedWebhook, from: z.int(), to: z.int(), events: z.int() });
