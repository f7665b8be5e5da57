import { z } from 'zod';

/** The org has no key of its own any more. */
export const modelKeyRemoved = z.object({});
