import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Messages are signed with another secret, until then with the one before too. */
export const webhookSecretChanged = z.object({ ...namedWebhook, earlierUntil: z.string() });
