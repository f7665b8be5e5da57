import { z } from 'zod';
import { readingTools, type RoleBody, type ToolName } from './role-body.ts';

/** How many helpers one run may have, one after the other. */
export const mostHelpers = 4;
/** The least that a helper can do anything with. */
export const leastHelperMicros = 20_000;
export const leastHelperSeconds = 20;

const ends: ToolName = 'report';

/** What a run's helper works under: its parent's role with less. It writes nothing that stays, and reaches nothing more. */
export function helperRole(parent: RoleBody): RoleBody {
  return {
    ...parent,
    title: `helper of the ${parent.title}`,
    purpose:
      'Answer the question that another agent asks you about this repository, from what you see in it. Say where each thing ' +
      'stands that you say, and what you did not find.',
    rules: ['Answer the question and nothing else: the work is the other agent’s.'],
    write: { include: [], exclude: ['**'] },
    tools: [...parent.tools.filter((tool) => readingTools.includes(tool)), ends],
    contract: 'explore',
  };
}

/** What a parent asks. `sharePercent` of what it has left, of money and of time alike. */
export const delegation = z.strictObject({
  question: z.string().min(1).max(4_000).describe('What to find out, and all that it needs to know for that'),
  share_percent: z
    .int()
    .min(5)
    .max(50)
    .optional()
    .describe('How many percent of what you have left it may use, of money and of time; 20 if you say nothing'),
});
export type Delegation = z.infer<typeof delegation>;

/** A helper's answer, as its tool takes it. */
export const helperReport = z.object({
  answer: z.string().min(1).max(6_000),
  findings: z
    .array(z.object({ statement: z.string().max(600), where: z.string().max(300) }))
    .max(30)
    .default([]),
  notFound: z.array(z.string().max(600)).max(20).default([]),
});
