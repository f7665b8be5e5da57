import { z } from 'zod';

/** A person had a run's work done again from one of its turns on, by another run. */
export const runRetried = z.object({ runId: z.string(), turn: z.int(), newRunId: z.string(), note: z.string() });
