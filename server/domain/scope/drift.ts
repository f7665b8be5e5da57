import { z } from 'zod';
import { pathMatcher } from '../policy/match.ts';
import type { PlanItem } from '../runs/plan.ts';

const mostNamed = 20;
const named = z.object({ all: z.int(), some: z.array(z.string()) });

/** How what was done differs from what was meant: by the scope of the task, and by the plan of whoever did it. */
export const drift = z.object({
  scope: z.array(z.string()),
  /** Paths of the change outside the task's scope, which people opened on the way. */
  outside: named,
  /** What the scope names and the change does not touch. */
  untouched: named,
  /** Changed paths that the run may not write; the change is without them. */
  leftOut: named,
  /** Steps of the plan that are not done. */
  openSteps: named,
});
export type Drift = z.infer<typeof drift>;

type Of = {
  scope: readonly string[];
  changed: readonly string[];
  leftOut: readonly string[];
  plan: readonly PlanItem[];
};

const some = (all: readonly string[]): z.infer<typeof named> => ({ all: all.length, some: all.slice(0, mostNamed) });

export function driftOf({ scope, changed, leftOut, plan }: Of): Drift {
  const within = pathMatcher(scope);
  const touches = (entry: string) => {
    const matches = pathMatcher([entry]);
    return changed.some((path) => matches(path));
  };
  const open = plan.filter(({ state }) => state === 'todo' || state === 'doing');
  return {
    scope: scope.slice(0, mostNamed),
    outside: some(changed.filter((path) => !within(path))),
    untouched: some(scope.filter((entry) => !touches(entry))),
    leftOut: some(leftOut),
    openSteps: some(open.map(({ text }) => text)),
  };
}

/** Whether nothing differs from what was meant. */
export const isAsMeant = ({ outside, leftOut, openSteps }: Drift): boolean =>
  outside.all + leftOut.all + openSteps.all === 0;
