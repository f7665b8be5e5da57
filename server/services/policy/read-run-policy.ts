import type { OrgDb, OrgTx } from '../../db/connect.ts';
import { readPolicyHeads, readRunHeads, type PolicyHeads, type RunHeads } from '../../db/policy-heads.ts';
import { readRepoClasses } from '../../db/repo-classes.ts';
import { documentLayer, policyDocument } from '../../domain/policy/document.ts';
import { changedRules, type ChangedRules } from '../../domain/policy/changed-rules.ts';
import { roleLayer } from '../../domain/policy/layers.ts';
import { layersInWords } from '../../domain/policy/layers-in-words.ts';
import type { Layer, Policy } from '../../domain/policy/policy.ts';
import { runPolicy, type RunScope } from '../../domain/policy/run-policy.ts';
import { roleBody, type RoleBody } from '../../domain/roles/role-body.ts';
import { addedBeyond, noneAdded, type OwnClasses } from '../../domain/scope/own-classes.ts';

type Change = RunHeads & ChangedRules & { version: number };

/** `also`: what holds by now, where that is another version than the run started with, and `change` what is new in it. */
type RunPolicy = {
  policy: Policy;
  also: Policy | undefined;
  /** The role as it is by now, where that is another version; it has no more tools and hosts than both. */
  role: RoleBody | null;
  change: Change | null;
  heads: RunHeads;
};

type Of = {
  orgId: string;
  repoId: string;
  /** Without an agent its role counts as it is in `scope`. */
  run: { policyVersionId: string; createdAt: Date; agentId?: string; roleVersionId?: string };
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
  const heads = await readRunHeads(db, { orgId, repoId, agentId: run.agentId ?? null });
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const ownBefore = await readClasses(db, { orgId, repoId, asOf: run.createdAt });
  const begun: RunHeads = {
    ...{ org: run.policyVersionId, repo, classes: ownBefore.id },
    role: heads.role === null ? null : (run.roleVersionId ?? heads.role),
  };
  const { layers: before } = await readLayers(db, orgId, begun);
  const policy = runPolicy({ layers: before, scope, classes: ownBefore.classes });
  if (isSame(begun, heads)) return { policy, also: undefined, role: null, change: null, heads };
  const { layers, version } = await readLayers(db, orgId, heads);
  const own = await readClasses(db, { orgId, repoId });
  const roles = await readRoles(db, orgId, { before: begun.role, after: heads.role });
  const rules = changedRules([...before, ...roles.before], [...layers, ...roles.after]);
  const added = addedInWords(ownBefore.classes ?? noneAdded, own.classes ?? noneAdded);
  const stricter = [...rules.stricter, ...added.stricter, ...roles.lost];
  const looser = [...rules.looser, ...added.looser];
  const { role } = roles;
  const told = { ...heads, role: role === null ? null : heads.role };
  const now = role === null ? scope : { ...scope, role: role.write, network: role.network };
  const also = runPolicy({ layers, scope: now, classes: own.classes });
  return { policy, also, role, change: { ...told, version, stricter, looser }, heads };
}

type Roles = { role: RoleBody | null; before: Layer[]; after: Layer[]; lost: string[] };

/** What another version of a run's role says otherwise: its layer, and the tools that it has lost. */
async function readRoles(
  db: OrgDb | OrgTx,
  orgId: string,
  { before, after }: { before: string | null; after: string | null },
): Promise<Roles> {
  if (before === null || after === null || before === after) return { role: null, before: [], after: [], lost: [] };
  const bodyOf = async (id: string) => {
    const row = await db.roleVersion.findUniqueOrThrow({ where: { orgId_id: { orgId, id } } });
    return roleBody.parse(row.body);
  };
  const [was, role] = [await bodyOf(before), await bodyOf(after)];
  const has = ({ tools, servers }: RoleBody): string[] => [
    ...tools,
    ...servers.map((server) => `the server ${server}`),
  ];
  const lost = has(was)
    .filter((each) => !has(role).includes(each))
    .map((each) => `the role no longer has ${each}`);
  const layerOf = ({ write, network }: RoleBody) => [roleLayer(write, network)];
  return { role, before: layerOf(was), after: layerOf(role), lost };
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

export const isSame = (one: RunHeads, other: RunHeads) =>
  one.org === other.org && one.repo === other.repo && one.classes === other.classes && one.role === other.role;
