import { z } from 'zod';

/** People with an address of the domain become members by themselves, as this role; null: not any more. */
export const domainJoinSet = z.object({ domainId: z.string(), domain: z.string(), joinAs: z.string().nullable() });
