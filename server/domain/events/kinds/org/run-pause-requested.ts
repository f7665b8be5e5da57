import { z } from 'zod';

/** A run is to wait after its present turn. */
export const runPauseRequested = z.object({ runId: z.string() });
