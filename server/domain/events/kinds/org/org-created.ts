import { z } from 'zod';

/** The first event of an org’s log. */
export const orgCreated = z.object({ slug: z.string(), name: z.string() });
