import type { RoleBody } from '../roles/role-body.ts';

export type Spent = { seconds: number; costMicros: bigint };
export type Limits = { seconds: number; costMicros: bigint };

/** Below this a run could not even hand over what it has. */
const leastSeconds = 30;
const leastCostMicros = 50_000n;

type RoleLimits = Pick<RoleBody, 'secondsLimit' | 'costLimitMicros'>;

/** A role's limits, cut to what people have set for every run; null is no such limit. */
export function withinRule(
  { secondsLimit, costLimitMicros }: RoleLimits,
  { seconds, micros }: { seconds: number | null; micros: number | null },
): RoleLimits {
  return {
    secondsLimit: Math.min(secondsLimit, seconds ?? secondsLimit),
    costLimitMicros: Math.min(costLimitMicros, micros ?? costLimitMicros),
  };
}

/**
 * What a new run may spend: its role's limit, cut to what the task has left. A person who approved one more round
 * pays for it: the task's own limit then rises by what is missing (`raised`). `exhausted` names what is used up.
 */
export function runLimits(
  role: RoleLimits,
  task: { limits: Limits; spent: Spent },
  byPerson: boolean,
): { run: Limits; raised: Limits | null } | { exhausted: 'seconds' | 'cost' } {
  const full: Limits = { seconds: role.secondsLimit, costMicros: BigInt(role.costLimitMicros) };
  const left: Limits = {
    seconds: task.limits.seconds - task.spent.seconds,
    costMicros: task.limits.costMicros - task.spent.costMicros,
  };
  const enough = left.seconds >= full.seconds && left.costMicros >= full.costMicros;
  if (enough) return { run: full, raised: null };
  if (byPerson) {
    const raised: Limits = {
      seconds: Math.max(task.limits.seconds, task.spent.seconds + full.seconds),
      costMicros: max(task.limits.costMicros, task.spent.costMicros + full.costMicros),
    };
    return { run: full, raised };
  }
  if (left.seconds < leastSeconds) return { exhausted: 'seconds' };
  if (left.costMicros < leastCostMicros) return { exhausted: 'cost' };
  const run: Limits = {
    seconds: Math.min(full.seconds, left.seconds),
    costMicros: min(full.costMicros, left.costMicros),
  };
  return { run, raised: null };
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
