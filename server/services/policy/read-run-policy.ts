import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { readPolicyHeads, type PolicyHeads } from '../../db/policy-heads.ts';
import { documentLayer, policyDocument } from '../../domain/policy/document.ts';
import type { Layer, Policy } from '../../domain/policy/policy.ts';
import { layersInWords } from '../../domain/policy/layers-in-words.ts';
import { runPolicy } from '../../domain/policy/run-policy.ts';
import type { WriteScope } from '../../domain/scope/write-scope.ts';

/** `also`: what holds by now, where that is another version than the run started with. */
type RunPolicy = { policy: Policy; also: Policy | undefined; heads: PolicyHeads };

type Of = {
  orgId: string;
  repoId: string;
  run: { policyVersionId: string; createdAt: Date };
  scope: WriteScope;
};

async function layersOf(db: OrgDb | OrgTx, orgId: string, { org, repo }: PolicyHeads): Promise<Layer[]> {
  const ids = [org, repo].filter((id) => id !== null);
  const rows = await db.policyVersion.findMany({ where: { orgId, id: { in: ids } } });
  return rows.map(({ id, layer, body }) =>
    documentLayer(layer === 'repo' ? 'repo' : 'org', policyDocument.parse(body), id),
  );
}

/**
 * What decides on a run: the versions it started with and, where others hold by now, those too. An action must pass both,
 * so that a tightening reaches the run and a loosening does not.
 */
export async function readRunPolicy(db: OrgDb | OrgTx, { orgId, repoId, run, scope }: Of): Promise<RunPolicy> {
  const heads = await readPolicyHeads(db, { orgId, repoId });
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const begun: PolicyHeads = { org: run.policyVersionId, repo };
  const compile = async (of: PolicyHeads) => runPolicy({ layers: await layersOf(db, orgId, of), scope });
  const policy = await compile(begun);
  return { policy, also: isSame(begun, heads) ? undefined : await compile(heads), heads };
}

/** What the org's and the repo's rules ask about or refuse, in sentences for the agent of a run that starts now. */
export async function readPolicyWords(db: OrgDb | OrgTx, { orgId, repoId, run }: Omit<Of, 'scope'>): Promise<string[]> {
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const layers = await layersOf(db, orgId, { org: run.policyVersionId, repo });
  return layersInWords(layers);
}

export const isSame = (one: PolicyHeads, other: PolicyHeads) => one.org === other.org && one.repo === other.repo;
