import { z } from 'zod';
import { putToPeople } from './put-to-people.ts';
import { failed, tool } from './tool.ts';

const most = { seconds: 36_000, dollars: 1_000 };

const schema = z.strictObject({
  unit: z.enum(['seconds', 'dollars']).describe('seconds of run-time, or money'),
  amount: z.number().positive().describe('How much more than now'),
  why: z.string().min(1).max(1000).describe('What is done, what is left, and why it needs so much'),
});

export const requestBudget = tool({
  description:
    'Asks a person for more run-time or money for this run. Ask before it is used up, once, for what finishes the task. ' +
    'Waiting costs no run-time. The answer may give less than you asked for.',
  schema,
  action: () => ({ kind: 'ask_person' }),
  async run(kit, { input: { unit, amount, why }, callId, signal }) {
    if (amount > most[unit])
      return failed(`${amount} ${unit} are too much for one request; ask for at most ${most[unit]}.`);
    const addSeconds = unit === 'seconds' ? Math.ceil(amount) : 0;
    const addMicros = unit === 'dollars' ? Math.ceil(amount * 100) * 10_000 : 0;
    return putToPeople(kit, { request: { kind: 'budget', addMicros, addSeconds, why }, callId, signal });
  },
});
