import type { OrgDb, SystemDb } from '../../../db/connect.ts';
import type { Prisma } from '../../../db/generated/client.ts';
import { readEvents, readEventsOfKinds } from '../../../db/read-events.ts';
import { hex, utf8Bytes } from '../../../domain/audit/bytes.ts';
import type { ChangeFacts, EvidenceFacts, RunFacts } from '../../../domain/audit/evidence-facts.ts';
import { nodeHashing } from '../../../domain/audit/node-hashing.ts';
import { definitionName } from '../../../domain/approval/sentences.ts';
import { evidenceDigest } from '../../../domain/checks/evidence-digest.ts';
import { checkEvidence } from '../../../domain/checks/evidence.ts';
import { AppError } from '../../../domain/errors.ts';
import { runOutcome } from '../../../domain/runs/run-state.ts';
import { reviewViews } from '../../views/review-views.ts';
import { namesOf } from '../../views/people.ts';
import { policiesOf, toldTo, type HeldVersion } from './held-policies.ts';
import { rolesOf, type HeldRole } from './held-roles.ts';
import { otherApprovals, type OtherApproval } from './other-approvals.ts';

type Where = { db: OrgDb; system: SystemDb; orgId: string };
/** Which pipeline runs and runs are told of. */
export type Extent = { changes: Prisma.ChangeWhereInput; runs: Prisma.RunWhereInput };

const most = 1_000;
const sha = (text: string) => hex(nodeHashing.sha256(utf8Bytes(text)));

const changeInclude = {
  repo: { select: { name: true } },
  checks: { orderBy: { createdAt: 'asc' } },
  reviews: {
    orderBy: { createdAt: 'asc' },
    include: { stageAttempt: { include: { run: { include: { agent: true } } } } },
  },
  pipelineRun: { include: { task: true, approvals: { orderBy: { createdAt: 'asc' }, include: { votes: true } } } },
} satisfies Prisma.ChangeInclude;

const runInclude = {
  agent: true,
  roleVersion: { include: { role: true } },
  policyVersion: true,
  stageAttempt: { include: { pipelineRun: { include: { task: true } } } },
} satisfies Prisma.RunInclude;

type ChangeRow = Prisma.ChangeGetPayload<{ include: typeof changeInclude }>;
type RunRow = Prisma.RunGetPayload<{ include: typeof runInclude }>;
type Names = (id: string) => string;

type Collected = Pick<EvidenceFacts, 'changes' | 'runs' | 'otherApprovals' | 'policies' | 'roles' | 'costMicros'>;

/** Throws AppError `invalid_input` where there is more than one bundle can tell of. */
export async function collectFacts(where: Where, { changes, runs }: Extent): Promise<Collected> {
  const { db, orgId } = where;
  const [changeRows, runRows] = [
    await db.change.findMany({
      where: { orgId, ...changes },
      include: changeInclude,
      orderBy: { number: 'asc' },
      take: most + 1,
    }),
    await db.run.findMany({
      where: { orgId, ...runs },
      include: runInclude,
      orderBy: { createdAt: 'asc' },
      take: most + 1,
    }),
  ];
  if (changeRows.length > most || runRows.length > most) {
    throw new AppError(
      'invalid_input',
      `One bundle tells of ${most} changes and runs at most. Choose a shorter period.`,
    );
  }
  const told: RunFacts[] = [];
  const policies = new Map<string, HeldVersion['row']>();
  const roles = new Map<string, HeldRole['row']>();
  for (const row of runRows) {
    const held = await heldBy(where, row);
    for (const { row: version } of held.policies) policies.set(version.id, version);
    for (const { row: version } of held.roles) roles.set(version.id, version);
    told.push(await runFacts(where, row, held));
  }
  const others = await otherApprovals(where, {
    runIds: runRows.map(({ id }) => id),
    without: changeRows.map(({ pipelineRunId }) => pipelineRunId),
    versions: [...policies.values(), ...roles.values()],
  });
  const nameOf = await namesOf(where, peopleIn(changeRows, others));
  return {
    changes: changeRows.map((row) => changeFacts(row, nameOf)),
    runs: told,
    otherApprovals: others.map(({ row, requesterId, definition }) => ({
      ...approvalFacts(row, nameOf(requesterId), nameOf),
      runId: row.runId,
      about: definition && `version ${definition.basedOn + 1} of ${definitionName(definition.what)}`,
    })),
    policies: [...policies.values()].map(({ id, version, hash, layer, target, body }) => ({
      ...{ id, version, hash, layer, target, body },
    })),
    roles: [...roles.values()].map(({ id, version, hash, roleId, role: { name }, body }) => ({
      ...{ id, version, hash, roleId, name, body },
    })),
    costMicros: told.reduce((sum, { costMicros }) => sum + costMicros, 0),
  };
}

type Held = { policies: HeldVersion[]; roles: HeldRole[] };

/** What decided on a run: versions of policies and of its role. */
async function heldBy(where: Where, run: RunRow): Promise<Held> {
  const toldSeq = await toldTo(where.db, run.id);
  const { repoId } = run.stageAttempt.pipelineRun.task;
  return {
    policies: await policiesOf(where, { run, repoId, toldSeq }),
    roles: await rolesOf(where, { run, toldSeq }),
  };
}

/** Who asked and who decided. */
function peopleIn(changes: ChangeRow[], others: OtherApproval[]): string[] {
  const approvals = [...changes.flatMap(({ pipelineRun }) => pipelineRun.approvals), ...others.map(({ row }) => row)];
  return [
    ...changes.map(({ pipelineRun }) => pipelineRun.task.requesterId),
    ...others.map(({ requesterId }) => requesterId),
    ...approvals.flatMap(({ votes }) => votes.map(({ userId }) => userId)),
  ];
}

function changeFacts(row: ChangeRow, nameOf: Names): ChangeFacts {
  const { id, number, branch, target, base, head, merged, status, pipelineRun } = row;
  const { task, approvals } = pipelineRun;
  return {
    ...{ id, number, branch, target, base, head, merged, status, repo: row.repo.name },
    task: { id: task.id, number: task.number, title: task.title, requestedBy: nameOf(task.requesterId) },
    checks: row.checks.map(({ id, commit, verdict, createdAt, evidence }) => {
      const read = checkEvidence.parse(evidence);
      return { id, commit, verdict, at: createdAt.toISOString(), evidenceSha256: evidenceDigest(read), evidence: read };
    }),
    reviews: reviewViews(row.reviews).map(({ id, commit, verdict, agent, runId, createdAt, summary, findings }) => ({
      ...{ id, commit, verdict, agent, runId, summary, at: createdAt, findings: findings.length },
    })),
    approvals: approvals.map((asked) => approvalFacts(asked, nameOf(task.requesterId), nameOf)),
  };
}

type ApprovalRow = ChangeRow['pipelineRun']['approvals'][number];

function approvalFacts(asked: ApprovalRow, requestedBy: string, nameOf: Names): ChangeFacts['approvals'][number] {
  const { id, kind, status, digest, quorum, selfApproved, createdAt, decidedAt, votes } = asked;
  return {
    ...{ id, kind, status, digest, quorum, selfApproved, requestedBy },
    at: createdAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    votes: votes.map(({ userId, verdict, reason, via, createdAt: at }) => ({
      ...{ by: nameOf(userId), userId, verdict, reason, via, at: at.toISOString() },
    })),
  };
}

async function runFacts({ db, orgId }: Where, row: RunRow, held: Held): Promise<RunFacts> {
  const { roleVersion, policyVersion, stageAttempt } = row;
  const versionOf = ({ id, version, hash }: { id: string; version: number; hash: string }) => ({ id, version, hash });
  return {
    ...{ id: row.id, stage: stageAttempt.stage, agent: row.agent.name, model: row.model, status: row.status },
    task: stageAttempt.pipelineRun.task.number,
    agentRevision: row.agentRevision,
    role: { ...versionOf(roleVersion), name: roleVersion.role.name },
    policy: versionOf(policyVersion),
    policies: held.policies.map(({ row: version, toldSeq }) => ({
      ...{ ...versionOf(version), layer: version.layer, savedAt: version.createdAt.toISOString(), toldSeq },
    })),
    roles: held.roles.map(({ row: version, toldSeq }) => ({
      ...{ ...versionOf(version), savedAt: version.createdAt.toISOString(), toldSeq },
    })),
    prompt: await promptOf(db, orgId, row.id),
    ...(await changesOf(db, row.id)),
    reason: row.outcome === null ? null : runOutcome.parse(row.outcome).reason,
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
    millisUsed: Number(row.millisUsed),
    costMicros: Number(row.costMicros),
    tokens: {
      input: Number(row.inputTokens),
      output: Number(row.outputTokens),
      cacheReads: Number(row.cacheReads),
      cacheWrites: Number(row.cacheWrites),
    },
    turns: row.turns,
    toolCalls: row.toolCalls,
  };
}

/** Which models answered after the first, and what the sandboxes were made of. */
async function changesOf(db: OrgDb, runId: string): Promise<Pick<RunFacts, 'laterModels' | 'images'>> {
  const kinds = ['model.switched', 'sandbox.opened'];
  const events = await readEventsOfKinds(db, { runId, kinds, lastOf: [], limit: most });
  return {
    laterModels: events.flatMap((event) => (event.kind === 'model.switched' ? [event.payload.to] : [])),
    images: events.flatMap((event) => (event.kind === 'sandbox.opened' ? [event.payload.image] : [])),
  };
}

/** Digests of the prompt, from the run's first event; a run that goes on from another's turn has that run's. */
async function promptOf(db: OrgDb, orgId: string, runId: string): Promise<RunFacts['prompt']> {
  const [first] = await readEvents(db, { orgId, kind: 'run', subject: runId, afterSeq: 0, limit: 1 });
  if (first?.kind === 'run.forked') return promptOf(db, orgId, first.payload.runId);
  if (first?.kind !== 'run.started') return null;
  const { system, firstMessage, tools } = first.payload;
  return { systemSha256: sha(system), firstMessageSha256: sha(firstMessage), tools };
}
