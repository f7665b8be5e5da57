import { z } from 'zod';
import { verdict } from '../../../policy/verdict.ts';

/** A decision that no tool call carries: a model call that was not made, the push and the size of a hand-off. */
export const actionJudged = z.object({ on: z.string(), what: z.string(), verdict });
