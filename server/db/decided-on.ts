import type { RulesBasis } from '../domain/policy/rules-basis.ts';

/**
 * What events were decided on. They are written only where all of it still stands: the rules, unless they are null, and that
 * the agent has heard what people said to it but for these messages, unless `heard` is null.
 */
export type DecidedOn = { rules: RulesBasis | null; heard: readonly string[] | null };

const types = [...Array<string>(7).fill('text'), 'text[]', 'boolean', 'text[]'];

/**
 * Whether it all stands: `$1` is the org, `run` a column of the run's row, `$9` the time, and from `first` on are the values.
 * It is asked of the row, and so once that is locked: who says something or reserves holds that lock, and is seen when waited for.
 */
export const decisionStands = (run: string, first: number): string =>
  `decision_stands($1, ${run}, $9::timestamptz, ${types.map((type, n) => `$${first + n}::${type}`).join(', ')})`;

export function standingValues({ rules, heard }: DecidedOn): unknown[] {
  const { org, repo, classes, role } = rules?.heads ?? { org: null, repo: null, classes: null, role: null };
  const of = [rules?.repoId ?? null, rules?.agentId ?? null, rules?.pipelineRunId ?? null];
  return [...of, org, repo, classes, role, rules?.held ?? [], rules !== null, heard];
}
