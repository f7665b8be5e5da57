import { z } from 'zod';

/** What the org had set for the model holds no more. */
export const modelRemoved = z.object({ connectionId: z.string(), model: z.string() });
