import { z } from 'zod';
import { verdict } from '../../../policy/verdict.ts';

/** A call of a tool and what the policy says of it; written before it runs. */
export const toolIntended = z.object({
  turn: z.int(),
  callId: z.string(),
  tool: z.string(),
  input: z.unknown(),
  verdict,
});
