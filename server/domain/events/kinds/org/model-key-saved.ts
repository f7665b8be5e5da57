import { z } from 'zod';

/** The org’s own key of the model provider. `hint`: its end. */
export const modelKeySaved = z.object({ hint: z.string() });
