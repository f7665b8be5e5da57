import { z } from 'zod';
import { decision, planInWords, planItem } from '../../domain/runs/plan.ts';
import { cleanText } from './clean-text.ts';
import { failed, ok, tool } from './tool.ts';

const schema = z.strictObject({
  items: z
    .array(planItem)
    .min(1)
    .max(30)
    .describe('The whole plan in order, each time anew. state: todo, doing (one at a time), done or dropped'),
  decisions: z
    .array(decision)
    .max(10)
    .optional()
    .describe(
      'What you have decided since you last called this, each with its reason; kept even when old turns are not',
    ),
});

export const plan = tool({
  description:
    'Writes down your plan, which people read beside the run. Use it for work of three steps or more, and call it again ' +
    'whenever a step is done or the plan changes. It replaces the plan before.',
  schema,
  action: () => ({ kind: 'plan' }),
  async run(_kit, { input, callId }) {
    const { items, decisions } = cleanText(input);
    const doing = items.filter(({ state }) => state === 'doing').length;
    if (doing > 1)
      return failed(`${doing} steps are marked doing. Mark the one you work on now and leave the rest todo.`);
    const payload = { callId, items, ...(decisions ? { decisions } : {}) };
    return { ...ok(`Noted: ${planInWords(items)}.`), events: [{ kind: 'plan.updated', payload }] };
  },
});
