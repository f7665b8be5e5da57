import { z } from 'zod';
import { globProblem } from '../scope/glob.ts';

const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'one line without control characters');

/** What a person fills in. Scope globs are relative to the repo's root and never climb out of it. */
export const newTask = z.object({
  repoId: z.string(),
  title: line(200),
  body: z.string().trim().max(20_000).default(''),
  acceptance: z.array(line(500)).max(20).default([]),
  scope: z
    .array(
      line(200).superRefine((glob, context) => {
        const message = globProblem(glob);
        if (message !== null) context.addIssue({ code: 'custom', message });
      }),
    )
    .min(1, 'name at least one path the task may write, for example **')
    .max(50),
});
export type NewTask = z.infer<typeof newTask>;

/** Limits of one task over all its runs, until policies set them. */
export const taskLimits = { seconds: 3_600, costMicros: 10_000_000n } as const;
