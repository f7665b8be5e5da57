import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** It is sent to again, from where it had come to. */
export const webhookEnabled = z.object(namedWebhook);
