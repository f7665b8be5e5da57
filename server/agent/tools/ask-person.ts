import { z } from 'zod';
import { cleanText } from './clean-text.ts';
import { failed, ok, tool } from './tool.ts';

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
    'Use it where the task leaves a decision open or something is needed that a rule refuses.',
  schema,
  action: () => ({ kind: 'ask_person' }),
  async run({ desk }, { input, callId, signal }) {
    const { question, options = [] } = cleanText(input);
    const answer = await desk.ask({ callId, question, options, signal });
    if (answer.kind === 'refused') return failed(answer.text);
    if (answer.kind === 'answered') return ok(answer.text);
    const { approvalId, waits } = answer;
    return { ...ok('The question is with a person.'), ends: { kind: 'waiting', approvalId, waits } };
  },
});
