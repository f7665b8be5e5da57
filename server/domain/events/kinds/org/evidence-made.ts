import { z } from 'zod';

/** Evidence was handed out: which, and SHA-256 of what it said. */
export const evidenceMade = z.object({
  what: z.enum(['change', 'run', 'period']),
  words: z.string(),
  filter: z.string(),
  factsSha256: z.string(),
  pageSha256: z.string(),
});
