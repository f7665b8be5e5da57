import type { OrgDb, OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

/** The newest policy version of an org and of a repo, by id; null where there is none. */
export type PolicyHeads = { org: string | null; repo: string | null };

/** What decides on a run besides: what people added to classes of paths of its repo, and the version of its agent's role. */
export type RunHeads = PolicyHeads & { classes: string | null; role: string | null };

/** The newest of a layer; `asOf` is the time it is asked as of, null for now. */
const head = (layer: string, target: string, asOf: string) =>
  `(select id from policy_version where org_id = $1 and layer = '${layer}' and target = ${target} and (${asOf}::timestamptz is null or created_at <= ${asOf})
    order by version desc limit 1)`;

const layers = (repo: string, asOf: string) => `${head('org', '$1', asOf)} as org, ${head('repo', repo, asOf)} as repo`;

/** An agent that is kept at a version of its role has that one. `decision_stands`, in the migrations, compares the same. */
const runHeadColumns = `${layers('$2', 'null')},
      (select id from repo_classes where org_id = $1 and repo_id = $2 order by version desc limit 1) as classes,
      (select v.id from agent a
        join agent_revision r on r.org_id = a.org_id and r.agent_id = a.id and r.number = a.revision
        join role_version v on v.org_id = a.org_id and v.role_id = a.role_id
        where a.org_id = $1 and a.id = $3 and v.version = coalesce((r.body->>'roleVersion')::int, v.version)
        order by v.version desc limit 1) as role`;

/** With `asOf`: the newest at that time. */
export async function readPolicyHeads(
  db: OrgDb | OrgTx,
  { orgId, repoId, asOf = null }: { orgId: string; repoId: string; asOf?: Date | null },
): Promise<PolicyHeads> {
  const [row] = await rawOf(db).query<PolicyHeads>({
    name: 'policy_heads',
    text: `select ${layers('$2', '$3')}`,
    values: [orgId, repoId, asOf],
  });
  return row ?? { org: null, repo: null };
}

/** One statement: it is asked before every action. */
export async function readRunHeads(
  db: OrgDb | OrgTx,
  { orgId, repoId, agentId }: { orgId: string; repoId: string; agentId: string | null },
): Promise<RunHeads> {
  const [row] = await rawOf(db).query<RunHeads>({
    name: 'run_heads',
    text: `select ${runHeadColumns}`,
    values: [orgId, repoId, agentId],
  });
  return row ?? { org: null, repo: null, classes: null, role: null };
}
