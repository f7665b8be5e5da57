import { z } from 'zod';
import { networkRequest } from '../network/network-request.ts';
import { contextAccount } from '../context/account.ts';
import { summaryHeadings } from '../context/summary.ts';
import { contentBlock, modelFaults, resultImage, stopReasons, toolDefinition, usage } from '../ports/model.ts';
import { decision, planItem } from '../runs/plan.ts';
import { runOutcome, waits } from '../runs/run-state.ts';
import { grantAllows } from '../policy/grant.ts';
import { verdict } from '../policy/verdict.ts';

const toolOutcomes = ['ok', 'error', 'denied', 'timed_out', 'lost'] as const;

/**
 * Payload of every event kind on a run's stream. The transcript, the totals and the page are derivations of these.
 * Kinds and fields are only ever added: old events must always parse.
 */
export const runEvents = {
  'run.started': z.object({
    agent: z.string(),
    role: z.string(),
    model: z.string(),
    scripted: z.boolean(),
    base: z.string(),
    head: z.string(),
    /** The stable prefix of every model call of this run, kept verbatim so that a resume sends the same bytes. */
    system: z.string(),
    firstMessage: z.string(),
    tools: z.array(z.string()),
    /** The tools as every model call of the run gets them, part of the prefix; runs older than this field have none. */
    definitions: z.array(toolDefinition).optional(),
    secondsLimit: z.int(),
    costLimitMicros: z.int(),
    /** Tokens that its budgets leave it at its start, null without a limit; runs older than this field have none. */
    tokensLeft: z.int().nullable().optional(),
  }),
  /**
   * The first event of a run that goes on from a turn of another: that run's log up to and with `seq` is read before it, and
   * is copied nowhere. Limits are those of this run.
   */
  'run.forked': z.object({
    runId: z.string(),
    seq: z.int(),
    turn: z.int(),
    /** The work tree of that turn. */
    commit: z.string(),
    secondsLimit: z.int(),
    costLimitMicros: z.int(),
    tokensLeft: z.int().nullable(),
  }),
  'slice.started': z.object({ generation: z.int(), worker: z.string(), lostCalls: z.array(z.string()) }),
  /** Text that reaches the agent before its next model call: an answer, a landing notice, a correction. */
  'message.added': z.object({
    source: z.enum(['platform', 'person']),
    text: z.string(),
    /** The command row by which a person sent it. */
    commandId: z.string().optional(),
  }),
  /** House rules of a folder, given to the agent when it first worked there; just the text that it was given. */
  'rules.read': z.object({ path: z.string(), text: z.string() }),
  /** What is installed in the run's sandbox, as that answered once before the first model call: name and version. */
  'environment.probed': z.object({ tools: z.array(z.string()) }),
  /** A sandbox was made of another image than the one before; never where it is the host's own system. */
  'sandbox.opened': z.object({ image: z.string() }),
  'model.called': z.object({
    turn: z.int(),
    model: z.string(),
    maxTokens: z.int(),
    reservedMicros: z.int(),
    /** Prompt and reply together, at most. */
    reservedTokens: z.int().optional(),
    /** A call that asks for a summary of the conversation, and not for the agent's next turn. */
    purpose: z.literal('compaction').optional(),
    /** What let it be asked; calls older than this field have none. */
    verdict: verdict.optional(),
  }),
  'model.replied': z.object({
    turn: z.int(),
    model: z.string(),
    content: z.array(contentBlock),
    stopReason: z.enum(stopReasons),
    usage,
    costMicros: z.int(),
    durationMs: z.int(),
  }),
  'model.failed': z.object({
    turn: z.int(),
    fault: z.enum(modelFaults),
    message: z.string(),
    /** Null: not tried again in this slice. */
    retryInMs: z.int().nullable(),
    /** What the broken call counts as: nothing when it was refused, what was seen of it, else its reservation. */
    costMicros: z.int().nonnegative().default(0),
  }),
  /** The run's model did not answer: from here on its fallback does. */
  'model.switched': z.object({
    turn: z.int(),
    from: z.string(),
    to: z.string(),
    fault: z.enum(modelFaults),
    /** Calls of the old model in a row that failed. */
    failures: z.int(),
  }),
  /** A decision that no tool call carries: a model call that was not made, the push and the size of a hand-off. */
  'action.judged': z.object({ on: z.string(), what: z.string(), verdict }),
  /** Other versions of the policy hold by now. What is stricter in them holds for this run from here on. */
  'policy.changed': z.object({
    org: z.string().nullable(),
    repo: z.string().nullable(),
    version: z.int(),
    /** Rules in words: those that hold for this run besides, and those that only later runs have. */
    stricter: z.array(z.string()),
    looser: z.array(z.string()),
  }),
  /** What a command had changed outside what the run may write, and was put back at once. */
  'work.restored': z.object({
    callId: z.string(),
    files: z.array(z.object({ path: z.string(), verdict })),
    /** All of them, where `files` does not hold all. */
    total: z.int(),
  }),
  'tool.intended': z.object({
    turn: z.int(),
    callId: z.string(),
    tool: z.string(),
    input: z.unknown(),
    verdict,
  }),
  'tool.finished': z.object({
    turn: z.int(),
    callId: z.string(),
    tool: z.string(),
    outcome: z.enum(toolOutcomes),
    /** Exactly what the model was given. */
    text: z.string(),
    /** What it was shown besides, such as a screenshot. */
    images: z.array(resultImage).optional(),
    exitCode: z.int().nullable(),
    droppedBytes: z.int(),
    blobId: z.string().nullable(),
    durationMs: z.int(),
  }),
  /** Old results made room: in every later prompt each of these calls is answered by its `text`. */
  'context.cleared': z.object({
    turn: z.int(),
    calls: z.array(z.object({ callId: z.string(), text: z.string() })),
    before: contextAccount,
  }),
  /**
   * An answer to the request for a summary that lacked parts, and settles its call; the next request names them. The
   * answer counts for what it says.
   */
  'summary.rejected': z.object({
    turn: z.int(),
    missing: z.array(z.enum(summaryHeadings)),
    text: z.string(),
    model: z.string(),
    usage,
    costMicros: z.int().nonnegative(),
    durationMs: z.int(),
  }),
  /** The first `dropped` messages gave way to the task and `text`, which is just what the model is given. */
  'context.compacted': z.object({
    turn: z.int(),
    by: z.enum(['model', 'platform']),
    dropped: z.int(),
    text: z.string(),
    /** What the summary says was decided: it outlives a later summary that says nothing of it. */
    decisions: z.string().optional(),
    before: contextAccount,
    /** Whether a model call was made for it: one that the reply belongs to, and whose reservation it settles. */
    asked: z.boolean(),
    model: z.string(),
    usage,
    costMicros: z.int().nonnegative(),
    durationMs: z.int(),
  }),
  'job.started': z.object({ callId: z.string(), jobId: z.string(), command: z.string() }),
  'job.ended': z.object({
    jobId: z.string(),
    command: z.string(),
    /** `sandbox`: closed while the run waited, or by a crash. */
    by: z.enum(['itself', 'agent', 'sandbox']),
    exitCode: z.int().nullable(),
    /** The end of its output. */
    said: z.string(),
  }),
  'plan.updated': z.object({
    callId: z.string(),
    items: z.array(planItem),
    /** What was decided since the last time, each with its reason. */
    decisions: z.array(decision).optional(),
  }),
  /** A person's answer to a request of this run: what was opened, which may be less than was asked. */
  'scope.granted': z.object({ callId: z.string(), approvalId: z.string(), allows: grantAllows, until: z.string() }),
  'budget.raised': z.object({
    callId: z.string(),
    approvalId: z.string(),
    addMicros: z.int(),
    addSeconds: z.int(),
  }),
  'run.waiting': z.object({ waits, approvalId: z.string().nullable() }),
  'run.resumed': z.object({ reason: z.string() }),
  'commit.recorded': z.object({
    commit: z.string(),
    parent: z.string(),
    files: z.int(),
    added: z.int(),
    removed: z.int(),
    /** Changed paths that the run may not write; they are not in the commit. */
    leftOut: z.array(z.string()),
  }),
  /** The work tree as a turn left it, as a commit that can be gone back to; only new runs keep these. */
  'workspace.snapshotted': z.object({
    turn: z.int(),
    commit: z.string(),
    /** Changed paths that the commit does not hold: too large, or not to be read. */
    leftOut: z.array(z.string()),
  }),
  'network.requested': networkRequest,
  /** What a helper answers the run that asked for it. */
  'run.reported': z.object({ body: z.unknown() }),
  'run.handed-off': z.object({ handoffId: z.string(), body: z.unknown() }),
  'run.ended': z.object({
    outcome: runOutcome,
    millisUsed: z.int(),
    costMicros: z.int(),
    turns: z.int(),
    toolCalls: z.int(),
  }),
} as const;

export type RunEventKind = keyof typeof runEvents;
export type RunEventPayload<K extends RunEventKind> = z.infer<(typeof runEvents)[K]>;
/** A run event as code handles it: kind and payload, before it gets a place in the chain. */
export type RunEvent = { [K in RunEventKind]: { kind: K; payload: RunEventPayload<K> } }[RunEventKind];
