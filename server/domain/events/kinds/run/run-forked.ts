import { z } from 'zod';

/**
 * The first event of a run that goes on from a turn of another: that run's log up to and with `seq` is read before it, and
 * is copied nowhere. Limits are those of this run.
 */
export const runForked = z.object({
  runId: z.string(),
  seq: z.int(),
  turn: z.int(),
  /** The work tree of that turn. */
  commit: z.string(),
  secondsLimit: z.int(),
  costLimitMicros: z.int(),
  tokensLeft: z.int().nullable(),
});
