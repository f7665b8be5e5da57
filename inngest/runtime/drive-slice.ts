import { interruptionOf } from '../../server/agent/interruption.ts';
import { advanceRun } from '../../server/agent/loop.ts';
import type { RunLimits, SliceEnd } from '../../server/agent/ports.ts';
import { bindTools } from '../../server/agent/tools/toolbox.ts';
import { budgetWords, type LedgerLeft } from '../../server/domain/budget/ledger.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { mcpToolsNow, mcpToolsOf } from '../../server/domain/mcp/run-tools.ts';
import { redactedBlobs } from '../../server/domain/redaction/redacted-blobs.ts';
import type { RunOutcome } from '../../server/domain/runs/run-state.ts';
import { readSetup } from '../../server/domain/setup/repo-setup.ts';
import { foldTranscript } from '../../server/domain/transcript/fold.ts';
import { readRoleServers } from '../../server/services/mcp/read-role-servers.ts';
import { claimRun, type Claim } from '../../server/services/runs/claim-run.ts';
import { outcomeOfStop } from '../../server/services/runs/find-stop.ts';
import { finishRun, type Finishing } from '../../server/services/runs/finish-run.ts';
import { readGrants } from '../../server/services/runs/read-grants.ts';
import { readRunFile, type RunFile } from '../../server/services/runs/read-run-file.ts';
import { releaseRun, waitForAnswer, waitForHelper, waitForResume } from '../../server/services/runs/release-run.ts';
import { holdRun, type HeldRun } from './hold-run.ts';
import { keptImages } from './kept-images.ts';
import { houseRules } from './house-rules.ts';
import { liveText } from './live-text.ts';
import { openModels, type Answering } from './models.ts';
import { openRoom } from './open-room.ts';
import { bareRecording, openLog, type RunLog } from './run-log.ts';
import { runDesk } from './run-desk.ts';
import { turnRules } from './turn-rules.ts';
import { turnSnapshots } from './turn-snapshots.ts';
import { unlessCut } from './unless-cut.ts';
import type { Worker } from './worker.ts';
import { workGuard } from './work-guard.ts';
import { workTree } from './work-tree.ts';

/** What the slice leaves to do: ask for another one, or nothing. */
export type SliceReport = { again: boolean; afterMs: number };

const nothing: SliceReport = { again: false, afterMs: 0 };
const mostTurns = 200;

type Held = { worker: Worker; claim: Claim; held: HeldRun };
type Driving = Held & { file: RunFile };

/**
 * Claims a run and drives its agent for one slice. An error gives the run back and is thrown for the engine to try again;
 * at the last try the run ends with what went wrong.
 */
export async function driveSlice(
  worker: Worker,
  { orgId, runId, lastTry }: { orgId: string; runId: string; lastTry: boolean },
): Promise<SliceReport> {
  const { database } = worker;
  const now = await database.time();
  const answer = await claimRun({ database, orgId, now, worker: worker.id }, { runId });
  if (answer.kind !== 'claimed') return nothing;
  const { claim } = answer;
  const held = holdRun(worker, claim);
  try {
    return await drive({ worker, claim, held }, lastTry);
  } finally {
    await held.close();
  }
}

async function drive(held: Held, lastTry: boolean): Promise<SliceReport> {
  const { worker, claim } = held;
  let log: RunLog | null = null;
  try {
    const file = await readRunFile(worker, claim);
    log = await openLog(worker, { claim, file, held: held.held });
    // Taken only to be ended: nothing is opened for it.
    const end = (outcome: RunOutcome) => finishIdle(held, log, outcome);
    if (claim.stop) return await end(outcomeOfStop(claim.stop));
    if (claim.refused) return await end(claim.refused);
    if (claim.pause) return await pause(held, log, []);
    const used = usedUp(claim.left, log.events().length > 0);
    if (used) return await end(used);
    const answering = await openModels(worker, file);
    if ('outcome' in answering) return await end(answering.outcome);
    return await advance({ ...held, file }, log, answering);
  } catch (error) {
    if (error instanceof AppError && error.code === 'lease_lost') return nothing;
    worker.report(error, `slice of ${claim.runId}`);
    const outcome = outcomeOf(error, lastTry);
    if (outcome) return await finishNow(held, log, outcome);
    const { database } = worker;
    await releaseRun({ database }, { now: await database.time(), claim });
    throw error;
  }
}

/** A result is written down when what it did to the work tree is on this host: no engine that is lost takes it along. */
async function advance(driving: Driving, log: RunLog, answering: Answering): Promise<SliceReport> {
  const { worker, claim, file, held } = driving;
  const entered = await enterRoom(driving, log);
  if (entered === null) return cutShort(driving, log);
  const { room, rules, mcp } = entered;
  const { sandbox, jobs, browser, web, servers, network } = room;
  const { role, limits } = { role: file.role, limits: limitsOf(worker, file, answering) };
  let kept = false;
  const { redactor } = log;
  const live = liveText(worker, { runId: claim.runId, redactor });
  try {
    const snapshot = turnSnapshots(worker, { claim, file, room: sandbox });
    const desk = runDesk(worker, { claim, file, sandbox, left: held.left, keepTree: snapshot });
    const blobs = redactedBlobs(worker.blobs(claim.orgId), redactor);
    const guard = workGuard(worker, { file, sandbox, rules });
    const tools = bindTools({ names: role.tools, mcp, sandbox, jobs, browser, web, servers, blobs, desk, guard });
    const end = await advanceRun(
      {
        model: answering.model,
        provider: answering.provider,
        fallback: answering.fallback,
        images: keptImages(worker.blobs(claim.orgId)),
        tools,
        rules,
        record: async (events, decided) => {
          if (events.some(({ kind }) => kind === 'tool.finished')) await sandbox.snapshot();
          await network.flush();
          await log.record(events, decided);
          rules.recorded(events);
        },
        budget: { millisUsed: held.millisUsed, left: held.left, prices: answering.prices },
        clock: worker.clock,
        signal: held.signal,
        news: () => jobs.news(),
        inbox: log.inbox,
        houseRules: houseRules(worker.codeHost, { mirror: file.repo.id, commit: file.input.start }),
        snapshot,
        pausing: held.pausing,
        redact: redactor.event,
        onText: live.add,
      },
      { log: log.events(), generation: claim.generation, worker: worker.id },
      limits,
    );
    if (end.kind === 'waiting' || end.kind === 'paused') await sandbox.snapshot();
    kept = end.kind === 'continue' && end.afterMs === 0;
    // Nothing of the sandbox may ask for anything once its log is about to close.
    await (kept ? network.pause() : room.close());
    await worker.rooms.leftBehind(claim.runId, log.record);
    return await settle(driving, log, { end, blocked: desk.blocked() });
  } finally {
    if (kept) room.keep();
    else await room.close();
    await live.close();
  }
}

/** Null where the slice is cut short before there is a place to work in: laying out a work tree may take minutes. */
async function enterRoom({ worker, claim, file, held }: Driving, log: RunLog) {
  const { database, clock, rooms, workspaces } = worker;
  const { runId, orgId } = claim;
  const { signal } = held;
  const laidOut = await unlessCut(signal, workTree(worker, { runId, file, log: log.events() }), async (late) =>
    late ? workspaces.rest(runId) : undefined,
  );
  if (laidOut === null) return null;
  const { tree, made, news } = laidOut;
  if (made) await rooms.abandon(runId);
  try {
    const named = await readRoleServers(database.org(orgId), { orgId, names: file.role.servers });
    await log.start({ worker, claim, file, turns: mostTurns, mcp: mcpToolsNow(named) });
    const mcp = mcpToolsOf(foldTranscript(log.events()).definitions ?? [], named);
    await log.record(news);
    const grants = await readGrants(database.org(orgId), { orgId, runId, now: clock.now() });
    const setup = readSetup(file.repo.setup);
    const { repo, role } = file;
    const rules = await turnRules(worker, { claim, file, grants, log: log.events(), mcp, now: held.now });
    const place = { orgId, repo: repo.id, runId, tree, setup, role, grants };
    const room = await openRoom(worker, { ...place, log, judge: rules.judge, signal });
    return room && { rules, mcp, room };
  } catch (error) {
    await workspaces.rest(runId);
    throw error;
  }
}

/** What it means for the run that its slice was cut short before its agent could do anything. */
async function cutShort({ worker, claim, held }: Driving, log: RunLog): Promise<SliceReport> {
  const cause = interruptionOf(held.signal);
  const { reason, detail } = cause?.kind === 'stopped' ? cause : (usedUp(held.left(), false) ?? {});
  if (reason && detail) return finishIdle({ worker, claim, held }, log, { reason, detail });
  const { database } = worker;
  await releaseRun({ database }, { now: await database.time(), claim });
  return { again: true, afterMs: 0 };
}

/** Writes down how the slice ended. */
async function settle(
  driving: Driving,
  log: RunLog,
  { end, blocked }: { end: SliceEnd; blocked: string | null },
): Promise<SliceReport> {
  const { worker, claim } = driving;
  const { database, bus } = worker;
  const now = await database.time();
  switch (end.kind) {
    case 'continue':
      await releaseRun({ database }, { now, claim, afterMs: end.afterMs });
      return { again: true, afterMs: end.afterMs };
    case 'paused':
      return pause(driving, log, end.unrecorded);
    case 'waiting': {
      const { waits, on } = end;
      const waiting = { ...log.recording(end.unrecorded, now), waits };
      if (on.kind === 'run') await waitForHelper({ database, bus }, { ...waiting, helperRunId: on.id });
      else await waitForAnswer({ database, bus }, { ...waiting, approvalId: on.id });
      return nothing;
    }
    case 'ended': {
      const outcome: RunOutcome = blocked === null ? end.outcome : { reason: 'blocked', detail: blocked };
      return finish(worker, { ...log.recording(end.unrecorded, now), outcome });
    }
  }
}

async function finish({ database, bus }: Worker, finishing: Finishing): Promise<SliceReport> {
  await finishRun({ database, bus }, finishing);
  return nothing;
}

async function pause({ worker }: Held, log: RunLog, unrecorded: RunEvent[]): Promise<SliceReport> {
  const { database, bus } = worker;
  await waitForResume({ database, bus }, log.recording(unrecorded, await database.time()));
  return nothing;
}

/** Ends a run whose agent has not been at work in this slice. Its time stands still meanwhile. */
async function finishIdle(held: Held, log: RunLog | null, outcome: RunOutcome): Promise<SliceReport> {
  await held.held.close();
  return finishNow(held, log, outcome, true);
}

/** Ends a run from outside the loop; a model call that is still open counts as what was reserved for it. */
async function finishNow(
  { worker, claim }: Held,
  log: RunLog | null,
  outcome: RunOutcome,
  idle = false,
): Promise<SliceReport> {
  await worker.rooms.drop(claim.runId);
  return worker.rooms.leftBehind(claim.runId, async (left) => {
    const recording = log
      ? log.recording([...left, ...log.cutOff()], await worker.database.time())
      : await bareRecording(worker, claim, left);
    return finish(worker, { ...recording, outcome, idle });
  });
}

/** A run that could do nothing is ended before anything is opened for it; null while it can. */
function usedUp(left: LedgerLeft, begun: boolean): RunOutcome | null {
  const gone = (value: number | null) => value !== null && value <= 0;
  const used = (what: string, account: string | null) =>
    `The ${what} of ${budgetWords(account ?? '')} ${what === 'tokens' ? 'are' : 'is'} used up. Raise it under Settings, Budgets, then start the stage again.`;
  if (gone(left.millis)) return { reason: 'run_time_exhausted', detail: used('run-time', left.millisOf) };
  if (begun) return null;
  if (gone(left.micros)) return { reason: 'cost_exhausted', detail: used('money', left.microsOf) };
  return gone(left.tokens) ? { reason: 'tokens_exhausted', detail: used('tokens', left.tokensOf) } : null;
}

/** The outcome an error stands for; null to try again. */
function outcomeOf(error: unknown, lastTry: boolean): RunOutcome | null {
  if (error instanceof AppError && error.code === 'sandbox_unavailable') {
    return { reason: 'sandbox_lost', detail: error.message };
  }
  if (error instanceof AppError && error.code === 'budget_exhausted') {
    return { reason: 'cost_exhausted', detail: error.message };
  }
  if (!lastTry) return null;
  const words = error instanceof AppError ? error.message : 'Something went wrong inside Fleet; its log says what.';
  return { reason: 'internal_error', detail: words };
}

function limitsOf(worker: Worker, { run, role }: RunFile, { maxTokens, windowTokens }: Answering): RunLimits {
  return {
    seconds: run.secondsLimit,
    costMicros: Number(run.costLimit),
    turns: mostTurns,
    sliceMs: worker.sliceMs,
    maxTokens,
    windowTokens,
    idleShare: role.idlePercent / 100,
  };
}
