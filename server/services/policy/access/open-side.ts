import type { OrgDb } from '../../../db/connect.ts';
import { readHeldPaths } from '../../../db/held-paths.ts';
import { readPolicyHeads } from '../../../db/policy-heads.ts';
import { readRepoClasses } from '../../../db/repo-classes.ts';
import { AppError } from '../../../domain/errors.ts';
import type { PolicyContext } from '../../../domain/policy/decide.ts';
import { policyDocument, type PolicyDocument } from '../../../domain/policy/document.ts';
import { openedHosts } from '../../../domain/policy/grant.ts';
import { repoFacts } from '../../../domain/policy/repo-facts.ts';
import { runPolicy } from '../../../domain/policy/run-policy.ts';
import type { OwnClasses } from '../../../domain/scope/own-classes.ts';
import { roleBody, type RoleBody } from '../../../domain/roles/role-body.ts';
import { readGrants } from '../../runs/read-grants.ts';
import { readLayers, readRunPolicy } from '../read-run-policy.ts';

/** A role under a version of the org's policy; null is the newest of each. */
export type SideQuery = { role: string; roleVersion: number | null; policyVersion: number | null };

export type OpenSide = {
  role: string;
  roleVersion: number;
  body: RoleBody;
  agents: string[];
  policyVersion: number;
  documents: PolicyDocument[];
  run: { id: string; startedWith: number; grants: number } | null;
  context: PolicyContext;
  /** What people have confirmed of the repo. */
  classes: OwnClasses | null;
};

type Repo = NonNullable<Awaited<ReturnType<typeof readPlace>>>['repo'];
export type Place = { repo: Repo; task: { id: string; scope: string[] } | null; held: PolicyContext['held'] };
type Deps = { db: OrgDb; orgId: string; now: Date };

/** The repo and, where one is named, the task there, with what other tasks have reserved. Throws `not_found`. */
export async function readPlace(
  { db, orgId, now }: Deps,
  { repoId, taskId }: { repoId: string; taskId: string | null },
) {
  const repo = await db.repo.findUnique({ where: { orgId_id: { orgId, id: repoId } } });
  if (!repo) throw new AppError('not_found', 'There is no such repo in this org.');
  const task =
    taskId === null
      ? null
      : await db.task.findFirst({
          where: { orgId, id: taskId, repoId },
          include: { pipelineRuns: { orderBy: { createdAt: 'desc' }, take: 1 } },
        });
  if (taskId !== null && !task) throw new AppError('not_found', 'There is no such task in this repo.');
  const pipelineRunId = task?.pipelineRuns[0]?.id ?? '';
  const held = await readHeldPaths(db, { orgId, repoId, pipelineRunId, now });
  return { repo, task: task && { id: task.id, scope: task.scope }, held };
}

/** Everything that decides on an agent of a role in a repo, put together as a run has it. Throws `not_found`. */
export async function openSide(deps: Deps, place: Place, side: SideQuery): Promise<OpenSide> {
  const { db, orgId } = deps;
  const live = await readLive(deps, place, side);
  const role = await readRole(deps, side, live?.roleVersionId);
  const version = await readVersion(deps, side.policyVersion);
  const heads = await readPolicyHeads(db, { orgId, repoId: place.repo.id });
  const { layers } = await readLayers(db, orgId, { org: version.id, repo: heads.repo });
  const { write, network } = role.body;
  const scope = { role: write, network, taskScope: place.task?.scope ?? ['**'] };
  const own = await readRepoClasses(db, { orgId, repoId: place.repo.id });
  const decided = live
    ? await readRunPolicy(db, { orgId, repoId: place.repo.id, run: live, scope })
    : { policy: runPolicy({ layers, scope, classes: own?.classes ?? null }), also: undefined };
  const grants = live ? await readGrants(db, { orgId, runId: live.id, now: deps.now }) : [];
  const facts = repoFacts({
    repo: place.repo,
    network: { ...network, rules: [...network.rules, ...openedHosts(grants)] },
  });
  return {
    ...role,
    policyVersion: version.version,
    documents: await documentsOf(deps, [version.id, ...(heads.repo === null ? [] : [heads.repo])]),
    run: live && { id: live.id, startedWith: live.policyVersion.version, grants: grants.length },
    classes: own?.classes ?? null,
    context: { policy: decided.policy, also: decided.also, grants, held: place.held, facts },
  };
}

async function readRole({ db, orgId }: Deps, { role: name, roleVersion }: SideQuery, ofRun: string | undefined) {
  const wanted = ofRun !== undefined ? { id: ofRun } : roleVersion === null ? {} : { version: roleVersion };
  const role = await db.role.findFirst({
    where: { orgId, name },
    include: {
      versions: {
        where: wanted,
        orderBy: { version: 'desc' },
        take: 1,
      },
      agents: { where: { retiredAt: null }, select: { id: true } },
    },
  });
  const version = role?.versions[0];
  if (!role || !version)
    throw new AppError('not_found', 'There is no such role, or no such version of it, in this org.');
  const agents = role.agents.map(({ id }) => id);
  return { role: name, roleVersion: version.version, body: roleBody.parse(version.body), agents };
}

async function readVersion({ db, orgId }: Deps, wanted: number | null) {
  const version = await db.policyVersion.findFirst({
    where: { orgId, layer: 'org', target: orgId, ...(wanted === null ? {} : { version: wanted }) },
    orderBy: { version: 'desc' },
    select: { id: true, version: true },
  });
  if (!version) throw new AppError('not_found', 'There is no such version of the policy in this org.');
  return version;
}

async function documentsOf({ db, orgId }: Deps, ids: string[]): Promise<PolicyDocument[]> {
  const rows = await db.policyVersion.findMany({ where: { orgId, id: { in: ids } } });
  return rows.map(({ body }) => policyDocument.parse(body));
}

/** The run of the task that is under way for this role: unless versions are asked for, what it works under counts. */
async function readLive({ db, orgId }: Deps, { task }: Place, { role, roleVersion, policyVersion }: SideQuery) {
  if (task === null || roleVersion !== null || policyVersion !== null) return null;
  return db.run.findFirst({
    where: {
      orgId,
      status: { in: ['queued', 'running', 'waiting'] },
      roleVersion: { role: { name: role } },
      stageAttempt: { parentRunId: null, pipelineRun: { taskId: task.id } },
    },
    orderBy: { createdAt: 'desc' },
    select: {
      ...{ id: true, policyVersionId: true, roleVersionId: true, createdAt: true },
      policyVersion: { select: { version: true } },
    },
  });
}
