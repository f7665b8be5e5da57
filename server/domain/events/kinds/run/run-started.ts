import { z } from 'zod';
import { toolDefinition } from '../../../ports/model.ts';

/** The first event of a run: who works, with which model and tools, on which commit, within which limits. */
export const runStarted = z.object({
  agent: z.string(),
  /** Which revision of the agent; runs older than those have none. */
  agentRevision: z.int().optional(),
  role: z.string(),
  model: z.string(),
  scripted: z.boolean(),
  base: z.string(),
  head: z.string(),
  /** The stable prefix of every model call of this run, kept verbatim so that a resume sends the same bytes. */
  system: z.string(),
  firstMessage: z.string(),
  tools: z.array(z.string()),
  /** The tools as every model call of the run gets them, part of the prefix; runs older than this field have none. */
  definitions: z.array(toolDefinition).optional(),
  secondsLimit: z.int(),
  costLimitMicros: z.int(),
  /** Tokens that its budgets leave it at its start, null without a limit; runs older than this field have none. */
  tokensLeft: z.int().nullable().optional(),
});
