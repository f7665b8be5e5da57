import { z } from 'zod';

/** The agent gets no work any more, and what it was at has ended. */
export const agentRetired = z.object({ agentId: z.string(), name: z.string(), openRuns: z.int() });
