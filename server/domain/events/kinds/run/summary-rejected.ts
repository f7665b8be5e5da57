import { z } from 'zod';
import { summaryHeadings } from '../../../context/summary.ts';
import { usage } from '../../../ports/model.ts';

/**
 * An answer to the request for a summary that lacked parts, and settles its call; the next request names them. The
 * answer counts for what it says.
 */
export const summaryRejected = z.object({
  turn: z.int(),
  missing: z.array(z.enum(summaryHeadings)),
  text: z.string(),
  model: z.string(),
  usage,
  costMicros: z.int().nonnegative(),
  durationMs: z.int(),
});
