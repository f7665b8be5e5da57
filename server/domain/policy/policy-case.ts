import { z } from 'zod';
import { verdicts } from './verdict.ts';

const text = z.string().min(1).max(4_000);

/** What a policy is tried on: one action in few words and what it must come to. */
export const policyCase = z
  .strictObject({
    command: text.optional(),
    read: text.optional(),
    write: text.optional(),
    /** With `write`: what an edit takes away, and puts there. */
    removes: text.optional(),
    adds: text.optional(),
    get: text.optional(),
    is: z.enum(verdicts),
  })
  .refine(
    ({ command, read, write, get }) => [command, read, write, get].filter((each) => each !== undefined).length === 1,
    'A case tries one thing: write one of command, read, write and get',
  );
export type PolicyCase = z.infer<typeof policyCase>;
