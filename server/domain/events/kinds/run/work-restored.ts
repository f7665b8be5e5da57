import { z } from 'zod';
import { verdict } from '../../../policy/verdict.ts';

/** What a command had changed outside what the run may write, and was put back at once. */
export const workRestored = z.object({
  callId: z.string(),
  files: z.array(z.object({ path: z.string(), verdict })),
  /** All of them, where `files` does not hold all. */
  total: z.int(),
});
