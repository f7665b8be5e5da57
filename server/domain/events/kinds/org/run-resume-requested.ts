import { z } from 'zod';

/** A paused run is to go on. */
export const runResumeRequested = z.object({ runId: z.string() });
