import { z } from 'zod';

/** No model of the provider is called any more. */
export const modelConnectionRemoved = z.object({ connectionId: z.string(), name: z.string() });
