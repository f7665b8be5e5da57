import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** A person had a message sent that says nothing. */
export const webhookTested = z.object(namedWebhook);
