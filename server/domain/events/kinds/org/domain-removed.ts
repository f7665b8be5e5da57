import { z } from 'zod';

/** The domain lets nobody in any more. */
export const domainRemoved = z.object({ domainId: z.string(), domain: z.string() });
