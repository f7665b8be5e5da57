import { z } from 'zod';
import { checkAmounts } from '../budget/amounts.ts';
import { defaultBudgets } from '../budget/defaults.ts';
import { AppError } from '../errors.ts';
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
  /** What all runs of the task together may use; left out, the default. */
  budget: z.object({ seconds: z.number(), micros: z.number() }).optional(),
});
export type NewTask = z.infer<typeof newTask>;

/** Below this no run of it could start. */
const least = { seconds: 60, micros: 100_000 };

type Rule = { seconds: number | null; micros: number | null };

/**
 * The budget of a new task: what was asked for, else the default, and never more than the org's rule for tasks. Throws
 * `invalid_input` for amounts that are none, for less than a run needs, and for more than the rule.
 */
export function taskBudget(asked: NewTask['budget'], rule: Rule): { seconds: number; micros: number } {
  const most = { seconds: rule.seconds ?? Number.POSITIVE_INFINITY, micros: rule.micros ?? Number.POSITIVE_INFINITY };
  if (!asked) {
    const { seconds, micros } = defaultBudgets.task;
    return { seconds: Math.min(seconds, most.seconds), micros: Math.min(micros, most.micros) };
  }
  checkAmounts({ ...asked, tokens: null });
  const wrong = (field: keyof typeof least, why: string) => new AppError('invalid_input', why, { field });
  if (asked.seconds < least.seconds) throw wrong('seconds', 'A task needs at least 1 minute of run-time.');
  if (asked.micros < least.micros) throw wrong('micros', 'A task needs at least $0.10.');
  if (asked.seconds > most.seconds) {
    throw wrong('seconds', `Tasks of this org may use at most ${Math.floor(most.seconds / 60)} minutes of run-time.`);
  }
  if (asked.micros > most.micros) {
    throw wrong('micros', `Tasks of this org may use at most $${(most.micros / 1_000_000).toFixed(2)}.`);
  }
  return asked;
}
