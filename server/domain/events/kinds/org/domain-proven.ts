import { z } from 'zod';

/** DNS has the record that says that the domain is the org’s. */
export const domainProven = z.object({ domainId: z.string(), domain: z.string() });
