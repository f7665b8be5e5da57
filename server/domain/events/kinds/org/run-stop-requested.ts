import { z } from 'zod';

/** A run is to end: whoever works on it hears of it. */
export const runStopRequested = z.object({ runId: z.string(), reason: z.string() });
