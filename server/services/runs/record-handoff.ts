import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database, OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';
import { readAllEvents } from '../../db/read-events.ts';
import type { RunEvent } from '../../domain/events/run-events.ts';
import { stageInput, type StageCause } from '../../domain/pipeline/stage-input.ts';
import type { CodeHost } from '../../domain/ports/code-host.ts';
import type { BuildHandoff } from '../../domain/roles/role-body.ts';
import { handoffRecord, type HandoffRecord } from '../../domain/runs/handoff-record.ts';
import { proveClaims, type ClaimProof } from '../../domain/runs/prove-claims.ts';
import { reviewRecord } from '../../domain/runs/review-record.ts';
import { decide } from '../../domain/policy/decide.ts';
import { buildCommit } from './build-commit.ts';
import type { Claim } from './claim-run.ts';
import { leaseLost } from './heartbeat-run.ts';
import { judgeHandoff, refusalOf } from './judge-handoff.ts';
import { publishBranch } from './publish-branch.ts';
import { readHeldPaths } from '../../db/held-paths.ts';
import { readRunPolicy } from '../policy/read-run-policy.ts';
import { readGrants } from './read-grants.ts';
import type { RunFile } from './read-run-file.ts';

export type Handing = {
  now: Date;
  claim: Claim;
  file: RunFile;
  tree: string;
  callId: string;
  body: BuildHandoff;
};

export type HandoffAnswer =
  | { kind: 'accepted'; events: RunEvent[]; blocked: string | null }
  | { kind: 'refused'; text: string; events?: RunEvent[] };

type Ports = { database: Database; codeHost: CodeHost };

/**
 * Takes a developer's hand-off: the host builds the commit out of what the run may write, pushes the task branch and
 * moves the change. Idempotent: called again after a crash it finds its own commit. Refusals are words for the agent.
 */
export async function recordHandoff(ports: Ports, handing: Handing): Promise<HandoffAnswer> {
  const { claim } = handing;
  const { orgId, runId } = claim;
  const db = ports.database.org(orgId);
  const before = await db.handoff.findFirst({ where: { orgId, runId }, orderBy: { id: 'asc' } });
  if (before) return accepted(before.id, handoffRecord.parse(before.body));
  const missing = await unansweredFindings(ports, handing);
  if (missing.length > 0) {
    const text =
      `The reviewer’s findings ${missing.join(', ')} are not answered. Hand off again with one entry in \`answers\` for ` +
      'each of them: `finding` is its id, `how` says what you did about it.';
    return { kind: 'refused', text };
  }
  const log = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  const proven = proveClaims(handing.body.claims, log as RunEvent[]);
  if ('problem' in proven) return { kind: 'refused', text: proven.problem };
  return commitTree(ports, handing, proven.proofs);
}

async function commitTree(ports: Ports, handing: Handing, proofs: ClaimProof[]): Promise<HandoffAnswer> {
  const { file, tree, claim } = handing;
  const { orgId, runId } = claim;
  const db = ports.database.org(orgId);
  const { input, repo } = file;
  const changed = await ports.codeHost.changedPaths({ mirror: repo.id, tree, commit: input.start });
  const grants = await readGrants(db, { orgId, runId, now: handing.now });
  const { pipelineRunId } = file.stageAttempt;
  const held = await readHeldPaths(db, { orgId, repoId: repo.id, pipelineRunId, now: handing.now });
  const scope = { role: file.role.write, network: file.role.network, taskScope: file.task.scope };
  const policy = await readRunPolicy(db, { orgId, repoId: repo.id, run: file.run, scope });
  const context = { ...policy, grants, held };
  const mayHold = (path: string) => decide(context, { kind: 'file_write', path, way: 'commit' }).verdict === 'allow';
  const allowed = changed.filter(({ path, unnameable }) => !unnameable && mayHold(path)).map(({ path }) => path);
  const leftOut = changed.map(({ path }) => path).filter((path) => !allowed.includes(path));
  const built = allowed.length > 0 ? await buildCommit(ports, { ...handing, paths: allowed }) : null;
  if (!built) return withoutChange(ports, handing, { leftOut, proofs });
  const { branch } = file.change;
  const of = { context, mirror: repo.id, base: input.base, branch, commit: built.commit };
  const judged = await judgeHandoff(ports, of);
  const refused = refusalOf(judged);
  if (refused !== null) return { kind: 'refused', text: refused, events: judgedEvents(judged) };
  await publishBranch(ports, { ...handing, commit: built.commit });
  const record: HandoffRecord = {
    callId: handing.callId,
    body: handing.body,
    proofs,
    ...built,
    changed: allowed,
    leftOut,
    judged,
  };
  return accepted(await store(ports, handing, record), record);
}

/** Nothing to commit: fine where the agent says why, else it is asked to. */
type Found = { leftOut: string[]; proofs: ClaimProof[] };

async function withoutChange(ports: Ports, handing: Handing, { leftOut, proofs }: Found): Promise<HandoffAnswer> {
  const { body, callId, file } = handing;
  if (body.notDone.length === 0) {
    const outside = leftOut.slice(0, 10).join(', ');
    const text =
      leftOut.length > 0
        ? `Nothing you may write has changed; only paths outside your scope did (${outside}), and they are left out.`
        : 'Nothing in the work tree differs from the commit you started from, so there is nothing to hand off.';
    const way =
      'Make the change, or, if there is nothing to do or you cannot go on, say why in `notDone` and hand off.';
    return { kind: 'refused', text: `${text} ${way}` };
  }
  const none = { commit: null, parent: file.input.start, files: 0, added: 0, removed: 0, changed: [], judged: [] };
  const record: HandoffRecord = { callId, body, proofs, ...none, leftOut };
  return accepted(await store(ports, handing, record), record);
}

async function unansweredFindings({ database }: Ports, { claim, file, body }: Handing): Promise<string[]> {
  const { orgId } = claim;
  const cause = await causeBehind(database.org(orgId), { orgId, ...file });
  if (cause?.from !== 'review') return [];
  const review = await database.org(orgId).review.findUnique({ where: { orgId_id: { orgId, id: cause.reviewId } } });
  if (!review) return [];
  const answered = body.answers.map(({ finding }) => finding.trim());
  return reviewRecord
    .parse(review.findings)
    .findings.filter(({ id, severity }) => severity === 'must' && !answered.includes(id))
    .map(({ id }) => id);
}

type Behind = { orgId: string } & Pick<RunFile, 'input' | 'stageAttempt'>;

/** Why the work was asked for: of another try at it, why the first one was. */
async function causeBehind(db: OrgTx, { orgId, input, stageAttempt }: Behind): Promise<StageCause | null> {
  const { cause } = input;
  if (cause.from !== 'turn' && cause.from !== 'again' && cause.from !== 'person') return cause;
  const before = await db.stageAttempt.findUnique({ where: { orgId_id: { orgId, id: cause.attemptId } } });
  if (before?.stage !== stageAttempt.stage) return null;
  return causeBehind(db, { orgId, input: stageInput.parse(before.input), stageAttempt });
}

async function store({ database, codeHost }: Ports, handing: Handing, record: HandoffRecord): Promise<string> {
  const { claim, file, now } = handing;
  const { orgId, runId, generation } = claim;
  const { base } = file.input;
  const patchId = record.commit ? await codeHost.patchId({ mirror: file.repo.id, base, head: record.commit }) : null;
  const id = newId('handoff');
  await database.transaction(orgId, async (tx) => {
    const held = await tx.run.updateMany({
      where: { orgId, id: runId, leaseGeneration: generation, status: 'running' },
      data: { progressAt: now },
    });
    if (held.count === 0) throw leaseLost(runId);
    await tx.handoff.create({ data: { orgId, id, runId, body: record, createdAt: now } });
    if (record.commit) await moveChange(tx, handing, { ...record, commit: record.commit, patchId });
  });
  return id;
}

type Moved = HandoffRecord & { commit: string; patchId: string | null };

async function moveChange(tx: OrgTx, { claim, file, now }: Handing, moved: Moved): Promise<void> {
  const { orgId, runId } = claim;
  const { commit, patchId, files, added, removed } = moved;
  await tx.change.updateMany({
    where: { orgId, id: file.change.id, status: 'open' },
    data: { base: file.input.base, head: commit, patchId, files, added, removed, updatedAt: now },
  });
  await tx.outbound.updateMany({ where: { orgId, intentKey: `handoff:${runId}` }, data: { state: 'done' } });
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: file.task.requesterId };
  const payload = { changeId: file.change.id, from: file.input.head, to: commit, files, added, removed };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'change.moved', payload }] });
}

const judgedEvents = (judged: HandoffRecord['judged']): RunEvent[] =>
  judged.map((payload) => ({ kind: 'action.judged', payload }));

function accepted(handoffId: string, record: HandoffRecord): HandoffAnswer {
  const { commit, parent, files, added, removed, leftOut, body, proofs, judged } = record;
  const events = judgedEvents(judged);
  if (commit) events.push({ kind: 'commit.recorded', payload: { commit, parent, files, added, removed, leftOut } });
  events.push({ kind: 'run.handed-off', payload: { handoffId, body: { ...body, claims: proofs } } });
  return { kind: 'accepted', events, blocked: commit ? null : body.notDone.join(' ') };
}
