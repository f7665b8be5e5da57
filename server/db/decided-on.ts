import type { RulesBasis } from '../domain/policy/rules-basis.ts';
import { heldBy } from './held-paths.ts';
import { runHeadColumns } from './policy-heads.ts';

/**
 * What events were decided on. They are written only where all of it still stands: the rules, unless they are null, and that
 * the agent has heard what people said to it but for these messages, unless `heard` is null.
 */
export type DecidedOn = { rules: RulesBasis | null; heard: readonly string[] | null };

/** How many parameters `decidedOn` takes. */
const parameters = 10;

/** A common table of one row where it all stands, of none otherwise. `$1` is the org, `$8` the run, `$9` the time. */
export function standing(first: number): string {
  const [repo, agent, pipelineRun, org, ofRepo, classes, role, held, hasRules, heard] = Array.from(
    { length: parameters },
    (_, n) => `$${first + n}`,
  );
  const of = { repo: `${repo}::text`, agent: `${agent}::text` };
  const heads = `(select ${runHeadColumns(of)})`;
  const sameHeads = `exists (select from ${heads} h where h.org is not distinct from ${org}::text
    and h.repo is not distinct from ${ofRepo}::text and h.classes is not distinct from ${classes}::text
    and h.role is not distinct from ${role}::text)`;
  const marks = `(select coalesce(array_agg(mark order by id), '{}') from (${heldBy({
    repo: `${repo}::text`,
    pipelineRun: `${pipelineRun}::text`,
    now: '$9::timestamptz',
  })}) c)`;
  const unheard = `exists (select from command where org_id = $1 and run_id = $8 and kind = 'steer'
    and acknowledged_at is null and id <> all (${heard}::text[]))`;
  return `standing as materialized (select
    where (not ${hasRules}::boolean or (${sameHeads} and ${marks} = ${held}::text[]))
      and (${heard}::text[] is null or not ${unheard}))`;
}

export function standingValues({ rules, heard }: DecidedOn): unknown[] {
  const { org, repo, classes, role } = rules?.heads ?? { org: null, repo: null, classes: null, role: null };
  const of = [rules?.repoId ?? null, rules?.agentId ?? null, rules?.pipelineRunId ?? null];
  return [...of, org, repo, classes, role, rules?.held ?? [], rules !== null, heard];
}
