import { appendOrgEvents, openRunStream } from '../../db/append-event.ts';
import type { Database, OrgDb, OrgTx } from '../../db/connect.ts';
import { Prisma } from '../../db/generated/client.ts';
import { newId } from '../../db/new-id.ts';
import type { LedgerLeft } from '../../domain/budget/ledger.ts';
import { leastHelperMicros, leastHelperSeconds, mostHelpers, type Delegation } from '../../domain/roles/helper-role.ts';
import { helperAnswer, type HelperAnswer } from '../../domain/runs/helper-answer.ts';
import type { StageInput } from '../../domain/pipeline/stage-input.ts';
import { isRunOver, runOutcome, type Waits } from '../../domain/runs/run-state.ts';
import { platform } from '../pipeline/work-context.ts';
import type { Claim } from './claim-run.ts';
import { leaseLost } from './heartbeat-run.ts';
import { lockRun } from './lock-run.ts';
import { readRunLog } from './read-run-log.ts';
import type { RunFile } from './read-run-file.ts';

type Deps = { database: Database; now: Date; claim: Claim; file: Parent };

/** What a helper begins with of its parent's file. */
type Parent = {
  stageAttempt: Pick<RunFile['stageAttempt'], 'pipelineRunId' | 'stage'>;
  input: Pick<StageInput, 'base' | 'head'>;
};

type Asked = {
  callId: string;
  body: Delegation;
  /** What the parent may still use. */
  left: LedgerLeft;
  /** The parent's work tree as a commit, made only for a helper that is new; null where that failed. */
  keepTree: () => Promise<string | null>;
};

export type Delegated =
  | { kind: 'waiting'; runId: string; waits: Waits }
  | { kind: 'refused'; text: string }
  | ({ kind: 'answered' } & HelperAnswer);

const usualShare = 20;

/**
 * Starts the helper that a call asks for, once, and answers with what it reported once it is over. The helper's run waits in
 * the queue; who puts the parent to sleep has it started. Throws `lease_lost`.
 */
export async function delegate(deps: Deps, asked: Asked): Promise<Delegated> {
  const { database, claim } = deps;
  const { orgId, runId } = claim;
  const db = database.org(orgId);
  const known = await findHelper(db, { orgId, runId, callId: asked.callId });
  if (known) return answerOf(db, orgId, known);
  const share = shareOf(asked);
  if ('problem' in share) return { kind: 'refused', text: share.problem };
  const commit = await asked.keepTree();
  if (commit === null) {
    return { kind: 'refused', text: 'Your work tree could not be kept for a helper just now. Go on by yourself.' };
  }
  const made = await database.transaction(orgId, (tx) => startHelper(tx, deps, { ...asked, share, commit }));
  if (made.kind === 'refused') return made;
  return { kind: 'waiting', runId: made.runId, waits: waitsFor(made.runId, deps.now) };
}

type Share = { seconds: number; costMicros: number };

/** What the helper gets of what is left, or why that is nothing. */
function shareOf({ body, left }: Asked): Share | { problem: string } {
  const percent = body.share_percent ?? usualShare;
  const of = (amount: number | null) => Math.floor(((amount ?? 0) * percent) / 100);
  const share = { seconds: Math.floor(of(left.millis) / 1_000), costMicros: of(left.micros) };
  if (share.seconds >= leastHelperSeconds && share.costMicros >= leastHelperMicros) return share;
  return {
    problem: `${percent} % of what you have left is too little for a helper. Find it out yourself, or give a larger share.`,
  };
}

async function findHelper(db: OrgDb, { orgId, runId, callId }: { orgId: string; runId: string; callId: string }) {
  const attempt = await db.stageAttempt.findUnique({
    where: { orgId_parentRunId_parentCallId: { orgId, parentRunId: runId, parentCallId: callId } },
    include: { run: true },
  });
  return attempt?.run ?? null;
}

type HelperRun = NonNullable<Awaited<ReturnType<typeof findHelper>>>;

async function answerOf(db: OrgDb, orgId: string, run: HelperRun): Promise<Delegated> {
  if (!isRunOver(run.status)) return { kind: 'waiting', runId: run.id, waits: waitsFor(run.id, run.createdAt) };
  const { own } = await readRunLog(db, { orgId, runId: run.id });
  const body = own.flatMap(({ kind, payload }) => (kind === 'run.reported' ? [payload.body] : [])).at(-1) ?? null;
  const used = { seconds: Math.round(Number(run.millisUsed) / 1_000), costMicros: Number(run.costMicros) };
  const { detail } = runOutcome.parse(run.outcome);
  return { kind: 'answered', ...helperAnswer({ runId: run.id, body, used, detail }) };
}

function waitsFor(runId: string, since: Date): Waits {
  return { for: 'its helper’s answer', since: since.toISOString(), wakes: 'its helper ends', ref: runId };
}

type Start = Asked & { share: Share; commit: string };

async function startHelper(
  tx: OrgTx,
  { now, claim, file }: Deps,
  { callId, body, share, commit }: Start,
): Promise<{ kind: 'made'; runId: string } | { kind: 'refused'; text: string }> {
  const { orgId, runId, generation } = claim;
  await lockRun(tx, { orgId, runId });
  const parent = await tx.run.findUniqueOrThrow({ where: { orgId_id: { orgId, id: runId } } });
  if (parent.status !== 'running' || parent.leaseGeneration !== generation) throw leaseLost(runId);
  const before = await tx.stageAttempt.count({ where: { orgId, parentRunId: runId } });
  if (before >= mostHelpers) {
    return { kind: 'refused', text: `You have had ${mostHelpers} helpers, and no run has more. Find it out yourself.` };
  }
  const { pipelineRunId, stage: ofStage } = file.stageAttempt;
  const stage = `${ofStage}/helper`;
  const attempt = 1 + (await tx.stageAttempt.count({ where: { orgId, pipelineRunId, stage } }));
  const { base, head } = file.input;
  const cause = { from: 'delegate' as const, parent: runId, callId, question: body.question };
  const input: StageInput = { cause, base, head, start: commit };
  const [attemptId, helperId] = [newId('stageAttempt'), newId('run')];
  await tx.stageAttempt.create({
    data: {
      ...{ orgId, id: attemptId, pipelineRunId, stage, kind: 'agent', attempt, status: 'queued', input },
      ...{ parentRunId: runId, parentCallId: callId, startedAt: now },
    },
  });
  const { agentId, agentRevision, roleVersionId, policyVersionId, model, scripted, connectionId, fallback } = parent;
  await tx.run.create({
    data: {
      ...{ orgId, id: helperId, stageAttemptId: attemptId, status: 'queued', createdAt: now },
      ...{
        agentId,
        agentRevision,
        roleVersionId,
        policyVersionId,
        model,
        scripted,
        connectionId,
        fallback: fallback ?? Prisma.DbNull,
      },
      ...{ secondsLimit: share.seconds, costLimit: BigInt(share.costMicros) },
    },
  });
  await openRunStream(tx, { orgId, runId: helperId });
  const limits = { secondsLimit: share.seconds, costLimitMicros: share.costMicros };
  const payload = { runId, callId, helperRunId: helperId, stageAttemptId: attemptId, ...limits };
  await appendOrgEvents(tx, { orgId, actor: platform, at: now, events: [{ kind: 'run.delegated', payload }] });
  return { kind: 'made', runId: helperId };
}
