import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { readPolicyHeads, type PolicyHeads } from '../../db/policy-heads.ts';
import { readRepoClasses } from '../../db/repo-classes.ts';
import { documentLayer, policyDocument } from '../../domain/policy/document.ts';
import { changedRules, type ChangedRules } from '../../domain/policy/changed-rules.ts';
import type { Layer, Policy } from '../../domain/policy/policy.ts';
import { layersInWords } from '../../domain/policy/layers-in-words.ts';
import { runPolicy, type RunScope } from '../../domain/policy/run-policy.ts';
import { addedBeyond, noneAdded, type OwnClasses } from '../../domain/scope/own-classes.ts';

type Change = PolicyHeads & ChangedRules & { version: number; classes: string | null };

/** `also`: what holds by now, where that is another version than the run started with, and `change` what is new in it. */
type RunPolicy = {
  policy: Policy;
  also: Policy | undefined;
  change: Change | null;
  heads: PolicyHeads;
  /** The newest classes that people have confirmed for the repo; null for none. */
  classesId: string | null;
};

type Of = {
  orgId: string;
  repoId: string;
  run: { policyVersionId: string; createdAt: Date };
  scope: RunScope;
};

type Layers = { layers: Layer[]; version: number };

/** The layers of these versions; `version` is the org's. */
export async function readLayers(db: OrgDb | OrgTx, orgId: string, { org, repo }: PolicyHeads): Promise<Layers> {
  const ids = [org, repo].filter((id) => id !== null);
  const rows = await db.policyVersion.findMany({ where: { orgId, id: { in: ids } } });
  const layers = rows.map(({ id, layer, body }) =>
    documentLayer(layer === 'repo' ? 'repo' : 'org', policyDocument.parse(body), id),
  );
  return { layers, version: rows.find(({ id }) => id === org)?.version ?? 0 };
}

/**
 * What decides on a run: the versions it started with and, where others hold by now, those too. An action must pass both,
 * so that a tightening reaches the run and a loosening does not.
 */
export async function readRunPolicy(db: OrgDb | OrgTx, { orgId, repoId, run, scope }: Of): Promise<RunPolicy> {
  const heads = await readPolicyHeads(db, { orgId, repoId });
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const begun: PolicyHeads = { org: run.policyVersionId, repo };
  const { layers: before } = await readLayers(db, orgId, begun);
  const own = await readClasses(db, { orgId, repoId });
  const ownBefore = await readClasses(db, { orgId, repoId, asOf: run.createdAt });
  const policy = runPolicy({ layers: before, scope, classes: ownBefore.classes });
  const known = { policy, heads, classesId: own.id };
  if (isSame(begun, heads) && own.id === ownBefore.id) return { ...known, also: undefined, change: null };
  const { layers, version } = await readLayers(db, orgId, heads);
  const rules = changedRules(before, layers);
  const added = addedInWords(ownBefore.classes ?? noneAdded, own.classes ?? noneAdded);
  const stricter = [...rules.stricter, ...added.stricter];
  const looser = [...rules.looser, ...added.looser];
  const change = { ...heads, version, classes: own.id, stricter, looser };
  return { ...known, also: runPolicy({ layers, scope, classes: own.classes }), change };
}

const readClasses = async (...of: Parameters<typeof readRepoClasses>) =>
  (await readRepoClasses(...of)) ?? { id: null, classes: null };

const addedInWords = (before: OwnClasses, after: OwnClasses): ChangedRules => ({
  stricter: addedBeyond(after, before).map((words) => `this repo adds to ${words}`),
  looser: addedBeyond(before, after).map((words) => `this repo no longer adds to ${words}`),
});

/** What the org's and the repo's rules ask about or refuse, in sentences for the agent of a run that starts now. */
export async function readPolicyWords(db: OrgDb | OrgTx, { orgId, repoId, run }: Omit<Of, 'scope'>): Promise<string[]> {
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const { layers } = await readLayers(db, orgId, { org: run.policyVersionId, repo });
  return layersInWords(layers);
}

export const isSame = (one: PolicyHeads, other: PolicyHeads) => one.org === other.org && one.repo === other.repo;
