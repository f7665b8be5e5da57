import { z } from 'zod';

export const testCase = z.object({
  name: z.string(),
  file: z.string().nullable(),
  result: z.enum(['passed', 'failed', 'skipped']),
  /** The test command it belongs to, where that is not the repo's own. */
  command: z.string().optional(),
});
export type TestCase = z.infer<typeof testCase>;

/** What the platform saw when it ran the tests of one commit itself, in a clean sandbox. */
export const checkEvidence = z.object({
  commit: z.string(),
  base: z.string(),
  command: z.string(),
  exitCode: z.int().nullable(),
  durationMs: z.int(),
  /** Null where the runner's output could not be read case by case; then only the exit code speaks. */
  tests: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
  failing: z.array(z.string()),
  /** New test cases and how each fared on the base: one that passes there says nothing about the change. */
  newTests: z.array(
    z.object({
      name: z.string(),
      file: z.string().nullable(),
      onBase: z.enum(['failed', 'passed', 'not_run']),
      onHead: z.enum(['passed', 'failed', 'skipped']),
    }),
  ),
  removedTests: z.array(z.string()),
  newlySkippedTests: z.array(z.string()),
  baseline: z.object({ passed: z.int(), failed: z.int(), skipped: z.int() }).nullable(),
  /** Tests that failed at first and passed when they were run once more; absent where there were none. */
  flakyTests: z.array(z.string()).optional(),
  /** The last lines of the test output, for a person. */
  outputTail: z.string(),
  /** What its sandbox was made of; absent where that is the host's own system. */
  image: z.string().optional(),
  /** The check of the environment that this stands on. */
  environmentCheckId: z.string().optional(),
});
export type CheckEvidence = z.infer<typeof checkEvidence>;
