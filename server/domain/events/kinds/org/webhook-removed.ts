import { z } from 'zod';
import { namedWebhook } from '../named.ts';

/** Nothing more is sent there, and what waited is forgotten. */
export const webhookRemoved = z.object(namedWebhook);
