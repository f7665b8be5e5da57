import { z } from 'zod';
import { globProblem } from '../scope/glob.ts';
import { ownClassNames } from '../scope/own-classes.ts';
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
    /** With `read` or `write`: a class that people of a repo have added this file to, besides what Fleet's own patterns find. */
    in: z.enum(ownClassNames).optional(),
    is: z.enum(verdicts),
  })
  .superRefine(({ read, write, ...each }, context) => {
    if (each.in === undefined) return;
    const path = read ?? write;
    const say = (message: string) => context.addIssue({ code: 'custom', path: ['in'], message });
    if (path === undefined) return say('`in` says which class a file is in: it goes with read or write.');
    const problem = /[*?{}]/.test(path) ? 'With `in`, name one file and no pattern.' : globProblem(path);
    if (problem !== null) say(problem);
  })
  .refine(
    ({ command, read, write, get }) => [command, read, write, get].filter((each) => each !== undefined).length === 1,
    'A case tries one thing: write one of command, read, write and get',
  );
export type PolicyCase = z.infer<typeof policyCase>;
