import { z } from 'zod';

const planStates = ['todo', 'doing', 'done', 'dropped'] as const;

/** One step of an agent's plan, in its own words. */
export const planItem = z.object({ text: z.string().min(1).max(300), state: z.enum(planStates) });
export type PlanItem = z.infer<typeof planItem>;

/** What an agent settled on its way, and why: what a later reader must not have to guess. */
export const decision = z.object({ what: z.string().min(1).max(300), why: z.string().min(1).max(300) });
export type Decision = z.infer<typeof decision>;

/** "2 of 5 done"; what was dropped does not count. */
export function planInWords(items: readonly PlanItem[]): string {
  const kept = items.filter(({ state }) => state !== 'dropped');
  return `${kept.filter(({ state }) => state === 'done').length} of ${kept.length} done`;
}
