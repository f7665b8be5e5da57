import { z } from 'zod';
import { contextAccount } from '../../../context/account.ts';
import { usage } from '../../../ports/model.ts';

/** The first `dropped` messages gave way to the task and `text`, which is just what the model is given. */
export const contextCompacted = z.object({
  turn: z.int(),
  by: z.enum(['model', 'platform']),
  dropped: z.int(),
  text: z.string(),
  /** What the summary says was decided: it outlives a later summary that says nothing of it. */
  decisions: z.string().optional(),
  before: contextAccount,
  /** Whether a model call was made for it: one that the reply belongs to, and whose reservation it settles. */
  asked: z.boolean(),
  model: z.string(),
  usage,
  costMicros: z.int().nonnegative(),
  durationMs: z.int(),
});
