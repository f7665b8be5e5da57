import { z } from 'zod';

/** The record of a proven domain is gone from DNS, or is back: without it nobody new comes in by the domain. */
export const domainProofSeen = z.object({ domainId: z.string(), domain: z.string(), isThere: z.boolean() });
