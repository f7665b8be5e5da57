import { z } from 'zod';
import { mostLine } from '../checks/limits.ts';

export const environmentStepNames = ['clone', 'tools', 'set-up', 'services', 'build', 'tests'] as const;
export type EnvironmentStepName = (typeof environmentStepNames)[number];

/** One thing that has to work before an agent can. */
const environmentStep = z.object({
  step: z.enum(environmentStepNames),
  result: z.enum(['passed', 'failed', 'skipped']),
  /** What was seen, as a sentence for a person. */
  detail: z.string(),
  /** The line of a command that failed, or that was running when the time was up. */
  line: z.string().nullable(),
  millis: z.int(),
  /** The end of what was said. */
  output: z.string(),
});
export type EnvironmentStep = z.infer<typeof environmentStep>;

/** A checklist of what was seen on one commit; what comes after a failed step was not tried. Fields are only ever added. */
export const environmentReport = z.object({
  steps: z.array(environmentStep),
  notes: z.array(z.string()).default([]),
  /** The tests of the commit, where they came to run. */
  tests: z
    .object({
      exitCode: z.int().nullable(),
      durationMs: z.int(),
      detail: z.string(),
      failing: z.array(z.string()),
      outputTail: z.string(),
    })
    .nullable()
    .default(null),
});
export type EnvironmentReport = z.infer<typeof environmentReport>;

export const emptyReport: EnvironmentReport = { steps: [], notes: [], tests: null };

/** The step by which a checklist is broken; null where nothing failed. */
export function failedStep({ steps }: EnvironmentReport): EnvironmentStep | null {
  return steps.find(({ result }) => result === 'failed') ?? null;
}

/** A failed step in one sentence, its line included: what a stage that stops says. */
export function stepSentence({ step, detail, line }: EnvironmentStep): string {
  const named = line === null ? detail : `${detail} Line: ${line.slice(0, mostLine)}`;
  return `The environment is broken at ${step}. ${named}`;
}
