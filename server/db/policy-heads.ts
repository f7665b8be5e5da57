import type { OrgDb, OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

/** The newest policy version of an org and of a repo, by id; null where there is none. */
export type PolicyHeads = { org: string | null; repo: string | null };

/** One statement: it is asked before every action. With `asOf`: the newest at that time. */
export async function readPolicyHeads(
  db: OrgDb | OrgTx,
  { orgId, repoId, asOf = null }: { orgId: string; repoId: string; asOf?: Date | null },
): Promise<PolicyHeads> {
  const head = (layer: string, target: string) =>
    `(select id from policy_version where org_id = $1 and layer = '${layer}' and target = ${target} and ($3::timestamptz is null or created_at <= $3)
      order by version desc limit 1)`;
  const [row] = await rawOf(db).query<PolicyHeads>({
    name: 'policy_heads',
    text: `select ${head('org', '$1')} as org, ${head('repo', '$2')} as repo`,
    values: [orgId, repoId, asOf],
  });
  return row ?? { org: null, repo: null };
}
