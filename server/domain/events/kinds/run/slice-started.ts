import { z } from 'zod';

/** A worker took the run under this lease. `lostCalls` were intended under an earlier one, and nobody knows what became of them. */
export const sliceStarted = z.object({ generation: z.int(), worker: z.string(), lostCalls: z.array(z.string()) });
