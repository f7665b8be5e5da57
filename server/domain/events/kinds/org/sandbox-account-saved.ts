import { z } from 'zod';

/** The org's sandboxes are made on an account of its own. `hint`: the end of its key. */
export const sandboxAccountSaved = z.object({ baseUrl: z.string(), template: z.string(), hint: z.string() });
