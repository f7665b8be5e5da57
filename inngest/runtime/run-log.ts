import { oneAtATime } from '../../server/adapters/one-at-a-time.ts';
import { cutOffByCrash } from '../../server/agent/call-model.ts';
import { firstMessage } from '../../server/agent/prompts/first-message.ts';
import { systemPrompt } from '../../server/agent/prompts/system-prompt.ts';
import { toolDefinitions } from '../../server/agent/tools/toolbox.ts';
import type { RunTotals, StreamHead } from '../../server/db/append-event.ts';
import type { LedgerLeft } from '../../server/domain/budget/ledger.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { RunMcpTool } from '../../server/domain/mcp/run-tools.ts';
import type { StageCause } from '../../server/domain/pipeline/stage-input.ts';
import { extendTranscript, foldTranscript } from '../../server/domain/transcript/fold.ts';
import { retriedNotice } from '../../server/domain/transcript/notices.ts';
import type { Totals, Transcript } from '../../server/domain/transcript/transcript.ts';
import { runRedactor, type RunRedactor } from '../../server/domain/redaction/redact-event.ts';
import type { Decided, InboxMessage } from '../../server/agent/ports.ts';
import { acknowledge, readInbox } from '../../server/services/runs/inbox.ts';
import { warnBudgets } from '../../server/services/budgets/warn-budgets.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { readInherited, readRunLog } from '../../server/services/runs/read-run-log.ts';
import { totalsOfRow } from '../../server/services/runs/run-totals.ts';
import { readOwnValues } from '../../server/services/secrets/own-values.ts';
import { recordEvents, type Recording } from '../../server/services/runs/record-events.ts';
import { briefOf } from './brief.ts';
import type { HeldRun } from './hold-run.ts';
import type { Worker } from './worker.ts';

/** A run's stream in memory, and the only way this slice writes to it. */
export type RunLog = {
  /** Takes secrets out of what comes into the run. Everything that is recorded passes it. */
  redactor: RunRedactor;
  events(): RunEvent[];
  /** What a transaction of the caller's own needs to append these events and nothing after them. */
  recording(events: RunEvent[], now: Date): Recording;
  /** One at a time, in the order of the calls: the sandbox's requests are written beside what the agent does. */
  record(events: RunEvent[], decided?: Decided): Promise<void>;
  /** What people have said that is not in the log yet; unless `surely`, only where the next call is not held to it. */
  inbox(surely?: boolean): Promise<InboxMessage[]>;
  /** What to record of a model call that nobody waits for any more. */
  cutOff(): RunEvent[];
  /** Writes `run.started` with the prompt, where it is not there yet. */
  start(start: {
    worker: Worker;
    claim: Claim;
    file: RunFile;
    turns: number;
    mcp: readonly RunMcpTool[];
  }): Promise<void>;
};

type Opening = { claim: Claim; file: RunFile; held: HeldRun };

export async function openLog(worker: Worker, { claim, file, held }: Opening): Promise<RunLog> {
  const { database, secretBoxes } = worker;
  const db = database.org(claim.orgId);
  const redactor = runRedactor(await readOwnValues({ db, orgId: claim.orgId, secretBoxes }));
  const { inherited, own } = await readRunLog(db, claim);
  const log = [...inherited, ...own];
  let transcript = foldTranscript(log);
  let head: StreamHead | undefined;
  const onBehalfOf = file.task.requesterId;
  const recordingOf = (events: RunEvent[], { totals }: Transcript, now: Date): Recording => {
    return { now, claim, onBehalfOf, events, totals: columnsOf(totals), head };
  };
  const recording = (given: RunEvent[], now: Date): Recording => {
    const events = given.map(redactor.event);
    return recordingOf(events, events.reduce(extendTranscript, transcript), now);
  };

  const refused = refusedBy(held);
  const inTurn = oneAtATime();
  const record = async (events: RunEvent[], decided?: Decided) => {
    if (events.length > 0) await inTurn('', () => append(events.map(redactor.event), decided));
  };
  /** Somebody may have said something since the last look: no call of the model went out before which all were heard. */
  let unheardOf = true;

  const append = async (events: RunEvent[], decided?: Decided) => {
    const now = await held.now();
    const delivered = commandsIn(events);
    const decidedOn = decided && { rules: decided.rules, heard: decided.heard ? delivered : null };
    unheardOf ||= isCall(events);
    const after = events.reduce(extendTranscript, transcript);
    const appended = await recordEvents({ database }, { ...recordingOf(events, after, now), decidedOn }).catch(refused);
    if (isCall(events) && decided?.heard) unheardOf = false;
    head = appended.head;
    if (appended.left) {
      held.see(appended.left);
      await warn(worker, { orgId: claim.orgId, now, budgetIds: appended.left.due });
    }
    transcript = after;
    log.push(...events);
    if (delivered.length > 0) await acknowledge({ database }, { orgId: claim.orgId, now, commandIds: delivered });
  };

  return {
    redactor,
    events: () => [...log],
    recording,
    record,
    inbox: async (surely = false) => (surely || unheardOf ? unheard(worker, { claim, held, log }) : []),
    cutOff: () => (transcript.openModelCall ? [cutOffByCrash(transcript.openModelCall)] : []),
    async start(start) {
      if (log.length > 0) return;
      const { cause } = file.input;
      if (cause.from !== 'turn') return record([await started(start)]);
      log.push(...(await readInherited(database.org(claim.orgId), { ...claim, ...cause })));
      transcript = foldTranscript(log);
      await record(forked(start, cause));
    },
  };
}

/** A refused reservation says what would fit. */
const refusedBy =
  (held: HeldRun) =>
  (error: unknown): never => {
    if (error instanceof AppError && error.code === 'budget_exhausted') held.see(error.detail['left'] as LedgerLeft);
    throw error;
  };

/** What is written is written: a warning that fails is told with the next movement. */
async function warn({ database, report }: Worker, warning: Parameters<typeof warnBudgets>[1]): Promise<void> {
  await warnBudgets({ database }, warning).catch((error: unknown) => report(error, 'budget warning'));
}

async function unheard(
  { database }: Worker,
  { claim, held, log }: Omit<Opening, 'file'> & { log: RunEvent[] },
): Promise<InboxMessage[]> {
  const known = new Set(commandsIn(log));
  const waiting = await readInbox({ database }, claim);
  // After a crash between the two writes it is in the log and not yet acknowledged.
  const seen = waiting.filter(({ commandId }) => known.has(commandId)).map(({ commandId }) => commandId);
  if (seen.length > 0) await acknowledge({ database }, { orgId: claim.orgId, now: await held.now(), commandIds: seen });
  const news = waiting.filter(({ commandId }) => !known.has(commandId));
  return news.map((each) => ({ source: 'person' as const, ...each }));
}

const isCall = (events: RunEvent[]) => events.some(({ kind }) => kind === 'model.called');

const commandsIn = (events: RunEvent[]) =>
  events.flatMap(({ kind, payload }) => (kind === 'message.added' && payload.commandId ? [payload.commandId] : []));

/** What ends a run whose file or log cannot be read: its totals as its row has them, which `events` do not change. */
export async function bareRecording({ database }: Worker, claim: Claim, events: RunEvent[]): Promise<Recording> {
  const { orgId, runId } = claim;
  const run = await database.org(orgId).run.findUniqueOrThrow({
    where: { orgId_id: { orgId, id: runId } },
    include: { stageAttempt: { include: { pipelineRun: { include: { task: true } } } } },
  });
  const totals = totalsOfRow(run);
  const onBehalfOf = run.stageAttempt.pipelineRun.task.requesterId;
  return { now: await database.time(), claim, onBehalfOf, events, totals };
}

function columnsOf(totals: Totals): RunTotals {
  const { turns, toolCalls, input, output, cacheRead, cacheWrite, costMicros } = totals;
  return {
    turns,
    toolCalls,
    inputTokens: input,
    outputTokens: output,
    cacheReads: cacheRead,
    cacheWrites: cacheWrite,
    costMicros,
  };
}

/** The beginning of a run that goes on from a turn of another. */
function forked({ claim, file }: Start, { runId, seq, turn, commit, note }: StageCause & { from: 'turn' }): RunEvent[] {
  const { run } = file;
  const { secondsLimit } = run;
  const limits = { secondsLimit, costLimitMicros: Number(run.costLimit), tokensLeft: claim.left.tokens };
  const text = retriedNotice({ turn, seconds: limits.secondsLimit, costMicros: limits.costLimitMicros });
  return [
    { kind: 'run.forked', payload: { runId, seq, turn, commit, ...limits } },
    { kind: 'message.added', payload: { source: 'platform', text } },
    ...(note === '' ? [] : [{ kind: 'message.added' as const, payload: { source: 'person' as const, text: note } }]),
  ];
}

type Start = Parameters<RunLog['start']>[0];

async function started({ worker, claim, file, turns, mcp }: Start): Promise<RunEvent> {
  const { run, agent, instructions, role, roleName, input } = file;
  const definitions = [...toolDefinitions(role.tools), ...mcp.map(({ definition }) => definition)];
  return {
    kind: 'run.started',
    payload: {
      agent: agent.name,
      ...(run.agentRevision === null ? {} : { agentRevision: run.agentRevision }),
      role: roleName,
      model: run.model,
      scripted: run.scripted,
      base: input.base,
      head: input.start,
      system: systemPrompt({ agent: agent.name, body: role, instructions }),
      firstMessage: firstMessage(await briefOf(worker, { orgId: claim.orgId, file, turns })),
      tools: definitions.map(({ name }) => name),
      definitions,
      secondsLimit: run.secondsLimit,
      costLimitMicros: Number(run.costLimit),
      tokensLeft: claim.left.tokens,
    },
  };
}
