import { z } from 'zod';

/** The org’s sandboxes are made where the operator says again. */
export const sandboxAccountRemoved = z.object({ baseUrl: z.string() });
