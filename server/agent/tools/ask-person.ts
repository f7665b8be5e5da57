import { z } from 'zod';
import { putToPeople } from './put-to-people.ts';
import { tool } from './tool.ts';

const schema = z.strictObject({
  question: z.string().min(1).max(2000).describe('One question with what a person must know to answer it'),
  options: z
    .array(z.string().min(1).max(200))
    .max(6)
    .optional()
    .describe('Answers to choose from, where there are such'),
});

export const askPerson = tool({
  description:
    'Puts one question to a person and waits for the answer, which is the result of this call. Waiting costs no run-time. ' +
    'Use it where the task leaves a decision open.',
  schema,
  action: () => ({ kind: 'ask_person' }),
  run(kit, { input: { question, options = [] }, callId, signal }) {
    return putToPeople(kit, { request: { kind: 'question', question, options }, callId, signal });
  },
});
