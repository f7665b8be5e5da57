import { z } from 'zod';

/** House rules of a folder, given to the agent when it first worked there; just the text that it was given. */
export const rulesRead = z.object({ path: z.string(), text: z.string() });
