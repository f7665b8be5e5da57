import { randomBytes } from 'node:crypto';
import { appendOrgEvents, openRunStream } from '../db/append-event.ts';
import type { Database, OrgDb } from '../db/connect.ts';
import type { Prisma } from '../db/generated/client.ts';
import { newId } from '../db/new-id.ts';
import { newKey } from '../auth/api-key.ts';
import { keyScopes, type KeyScope } from '../domain/authz/key-scopes.ts';
import type { OrgRole } from '../domain/authz/scopes.ts';
import { changePipeline } from '../domain/pipeline/definition.ts';
import { addServiceAccount } from '../services/keys/add-service-account.ts';
import { makeKey } from '../services/keys/make-key.ts';
import { hireStarters } from '../services/orgs/hire-starters.ts';

// Rows for tests, written as the processes write them. Each makes its own org, with random names: no test meets another's.

const random = () => randomBytes(6).toString('hex');
const commitId = () => randomBytes(20).toString('hex');

export type TestUser = { userId: string; email: string };

export async function makeUser(database: Database, { email = `u-${random()}@example.com` } = {}): Promise<TestUser> {
  const userId = newId('user');
  await database.system.user.create({ data: { id: userId, email } });
  return { userId, email };
}

export type TestOrg = { orgId: string; slug: string; name: string; owner: TestUser; db: OrgDb };

/** An org with an owner and its stream. */
export async function makeOrg(database: Database, { owner: given }: { owner?: TestUser } = {}): Promise<TestOrg> {
  const owner = given ?? (await makeUser(database));
  const orgId = newId('org');
  const slug = `org-${random()}`;
  const name = `Org ${slug}`;
  const now = new Date();
  await database.transaction(orgId, async (tx) => {
    await tx.org.create({ data: { id: orgId, slug, name, createdAt: now } });
    await tx.member.create({
      data: { orgId, id: newId('member'), userId: owner.userId, role: 'owner', createdAt: now },
    });
    const actor = { type: 'user' as const, userId: owner.userId };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'org.created', payload: { slug, name } }] });
  });
  return { orgId, slug, name, owner, db: database.org(orgId) };
}

/** Another member of the org. */
export async function makeMember(database: Database, org: TestOrg, role: OrgRole): Promise<TestUser> {
  const user = await makeUser(database);
  const { orgId, db } = org;
  await db.member.create({
    data: { orgId, id: newId('member'), userId: user.userId, role, createdAt: new Date() },
  });
  return user;
}

/** An open invitation that nobody was mailed. */
export async function makeInvitation(org: TestOrg): Promise<{ invitationId: string }> {
  const [id, now] = [newId('invitation'), new Date()];
  const expiresAt = new Date(now.getTime() + 60_000);
  const invited = { email: `i-${random()}@example.com`, role: 'member' as const, invitedBy: org.owner.userId };
  await org.db.invitation.create({
    data: { orgId: org.orgId, id, ...invited, status: 'pending', createdAt: now, expiresAt },
  });
  return { invitationId: id };
}

type RepoOver = Partial<Prisma.RepoUncheckedCreateInput>;

export async function makeRepo(org: TestOrg, over: RepoOver = {}): Promise<{ repoId: string; name: string }> {
  const data = {
    orgId: org.orgId,
    id: newId('repo'),
    name: `repo-${random()}`,
    source: 'local' as const,
    remote: `/srv/git/${random()}.git`,
    defaultBranch: 'main',
    testCommand: 'npm test',
    files: 12,
    createdAt: new Date(),
    ...over,
  };
  await org.db.repo.create({ data });
  return { repoId: data.id, name: data.name };
}

export type TestStarters = {
  /** By role name: `developer`, `code-reviewer`. */
  roles: Record<string, { roleId: string; roleVersionId: string; agentId: string }>;
  policyVersionId: string;
  pipelineVersionId: string;
};

/** The starter roles, agents, policy and the pipeline `change`. */
export async function makeStarters(database: Database, org: TestOrg): Promise<TestStarters> {
  const { orgId, db, owner } = org;
  await hireStarters({ database, orgId, actor: { type: 'user', userId: owner.userId }, now: new Date() });
  const rows = await db.role.findMany({ where: { orgId }, include: { versions: true, agents: true } });
  const policy = await db.policyVersion.findFirstOrThrow({ where: { orgId } });
  const pipeline = await db.pipelineVersion.findFirstOrThrow({ where: { orgId } });
  const roles = rows.map(({ id, name, versions, agents }) => {
    const [version, agent] = [versions[0], agents[0]];
    if (!version || !agent) throw new Error(`the starter role ${name} has no version or no agent`);
    return [name, { roleId: id, roleVersionId: version.id, agentId: agent.id }] as const;
  });
  return { roles: Object.fromEntries(roles), policyVersionId: policy.id, pipelineVersionId: pipeline.id };
}

type TaskOver = Partial<Prisma.TaskUncheckedCreateInput> & { repoId: string };

export async function makeTask(org: TestOrg, over: TaskOver): Promise<{ taskId: string; number: number }> {
  const { orgId, db, owner } = org;
  const last = await db.task.aggregate({ where: { orgId }, _max: { number: true } });
  const data = {
    orgId,
    id: newId('task'),
    number: (last._max.number ?? 0) + 1,
    title: 'Reject negative amounts',
    body: 'Amounts below zero must be refused.',
    acceptance: ['A negative amount is refused'],
    scope: ['src/**', 'test/**'],
    source: 'ui' as const,
    sourceKey: random(),
    requesterId: owner.userId,
    secondsLimit: 3_600,
    costLimit: 5_000_000n,
    createdAt: new Date(),
    ...over,
  };
  await db.task.create({ data });
  return { taskId: data.id, number: data.number };
}

type PipelineRunOver = Partial<Prisma.PipelineRunUncheckedCreateInput> & { taskId: string; pipelineVersionId: string };

export async function makePipelineRun(org: TestOrg, over: PipelineRunOver): Promise<{ pipelineRunId: string }> {
  const now = new Date();
  const data = {
    orgId: org.orgId,
    id: newId('pipelineRun'),
    definition: changePipeline,
    status: 'running' as const,
    createdAt: now,
    updatedAt: now,
    ...over,
  };
  await org.db.pipelineRun.create({ data });
  return { pipelineRunId: data.id };
}

type AttemptOver = Partial<Prisma.StageAttemptUncheckedCreateInput> & { pipelineRunId: string };

/** An attempt at the stage `build`, running, unless told otherwise. */
export async function makeStageAttempt(org: TestOrg, over: AttemptOver): Promise<{ stageAttemptId: string }> {
  const data = {
    orgId: org.orgId,
    id: newId('stageAttempt'),
    stage: 'build',
    kind: 'agent' as const,
    attempt: 1,
    status: 'running' as const,
    input: {},
    startedAt: new Date(),
    ...over,
  };
  await org.db.stageAttempt.create({ data });
  return { stageAttemptId: data.id };
}

type RunOver = Partial<Prisma.RunUncheckedCreateInput> & { stageAttemptId: string };

/** A developer's queued run with its stream, at lease generation 0 unless told otherwise. */
export async function makeRun(
  org: TestOrg,
  starters: TestStarters,
  over: RunOver,
): Promise<{ runId: string; streamId: string }> {
  const developer = starters.roles['developer'];
  if (!developer) throw new Error('no developer among the starters');
  const { orgId, db } = org;
  const data = {
    orgId,
    id: newId('run'),
    agentId: developer.agentId,
    roleVersionId: developer.roleVersionId,
    policyVersionId: starters.policyVersionId,
    status: 'queued' as const,
    model: 'claude-sonnet-5-5',
    scripted: true,
    secondsLimit: 600,
    costLimit: 1_000_000n,
    createdAt: new Date(),
    ...over,
  };
  const { streamId } = await db.$transaction(async (tx) => {
    await tx.run.create({ data });
    return openRunStream(tx, { orgId, runId: data.id });
  });
  return { runId: data.id, streamId };
}

type ChangeOver = Partial<Prisma.ChangeUncheckedCreateInput> & { pipelineRunId: string; repoId: string };

export async function makeChange(org: TestOrg, over: ChangeOver): Promise<{ changeId: string; base: string }> {
  const { orgId, db } = org;
  const last = await db.change.aggregate({ where: { orgId }, _max: { number: true } });
  const now = new Date();
  const data = {
    orgId,
    id: newId('change'),
    number: (last._max.number ?? 0) + 1,
    branch: `fleet/${random()}`,
    target: 'main',
    base: commitId(),
    status: 'open' as const,
    createdAt: now,
    updatedAt: now,
    ...over,
  };
  await db.change.create({ data });
  return { changeId: data.id, base: data.base };
}

/** All of the above behind one run: what most tests of runs start from. */
export async function makeRunWithAll(database: Database, over: Partial<Prisma.RunUncheckedCreateInput> = {}) {
  const org = await makeOrg(database);
  const starters = await makeStarters(database, org);
  const { repoId } = await makeRepo(org);
  const { taskId } = await makeTask(org, { repoId });
  const { pipelineRunId } = await makePipelineRun(org, { taskId, pipelineVersionId: starters.pipelineVersionId });
  const { stageAttemptId } = await makeStageAttempt(org, { pipelineRunId });
  const run = await makeRun(org, starters, { stageAttemptId, ...over });
  return { org, starters, repoId, taskId, pipelineRunId, stageAttemptId, ...run };
}

/** A service account of the org with one good key. */
export async function makeApiKey(
  database: Database,
  org: TestOrg,
  { scopes = [...keyScopes], days = 30 }: { scopes?: KeyScope[]; days?: number } = {},
): Promise<{ serviceAccountId: string; keyId: string; key: string }> {
  const actor = { type: 'user' as const, userId: org.owner.userId };
  const context = { database, orgId: org.orgId, actor, now: new Date() };
  const { serviceAccountId } = await addServiceAccount(context, { name: `bot-${random()}` });
  const key = newKey();
  const { keyId } = await makeKey(context, { key, serviceAccountId, scopes, days });
  return { serviceAccountId, keyId, key };
}
