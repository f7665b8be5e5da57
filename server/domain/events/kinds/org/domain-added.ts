import { z } from 'zod';

/** A domain that is to be proven: it lets nobody in yet. */
export const domainAdded = z.object({ domainId: z.string(), domain: z.string() });
