import type { RunEvent, RunEventPayload } from '../domain/events/run-events.ts';
import type { LedgerLeft } from '../domain/budget/ledger.ts';
import type { Action } from '../domain/policy/action.ts';
import type { GrantAllows } from '../domain/policy/grant.ts';
import type { RulesBasis } from '../domain/policy/rules-basis.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import type { Clock } from '../domain/ports/clock.ts';
import type { ModelPort, ResultImage, ToolDefinition } from '../domain/ports/model.ts';
import type { PriceRow } from '../domain/prices/price.ts';
import type { Delegation } from '../domain/roles/helper-role.ts';
import type { BuildHandoff, ReviewDecision } from '../domain/roles/role-body.ts';
import type { RunOutcome, Waits } from '../domain/runs/run-state.ts';
import type { ToolEffect } from '../domain/tools/tool-classes.ts';
import type { Totals } from '../domain/transcript/transcript.ts';

/** Everything the loop reaches the world through. */
export type AgentPorts = {
  model: ModelPort;
  /** Whose model it is, by the name that a policy knows. */
  provider: string;
  /** What takes over when the run's own model is overloaded. */
  fallback?: Backend | null;
  /** Bytes of kept images in base64, by blob id: those that can be read, and none where the model takes no images. */
  images?(images: readonly ResultImage[]): Promise<ReadonlyMap<string, string>>;
  tools: Toolbox;
  rules: {
    /** `tool`: by whose call, which its role may have lost since. */
    decide(action: Action, tool?: string): Verdict;
    /**
     * Reads anew what decides. Awaited before the model is asked, before calls are decided on, and again before each is run.
     * Resolves with what the log is to be told of it.
     */
    renew(): Promise<RunEvent[]>;
    /**
     * What `decide` goes by, for `record` to hold the world to; null where it must be read anew instead. Without it, that is always.
     */
    basis?(): RulesBasis | null;
  };
  /**
   * The one durable write: appends the events in order and moves the run's totals, in one transaction. Throws when the
   * lease is lost; then the loop stops without another write. Throws `budget_exhausted` when a model call's reservation does
   * not fit any more: then nothing was written, and `budget.left` says what would. Throws `conflict` with `detail.moved` where
   * what they were `decided` on holds no more: then, too, nothing was written. Never called twice at once.
   */
  record(events: RunEvent[], decided?: Decided): Promise<void>;
  budget: RunBudget;
  clock: Clock;
  /** Aborted with a `StopCause` as its reason. Any other reason counts as a lost lease. */
  signal: AbortSignal;
  /**
   * Texts of people that are not in the log yet; delivered once `record` resolves with their `message.added`, and asked for
   * again until then. Unless `surely`, they need not be read where the next model call is recorded as one before which all were
   * `heard`.
   */
  inbox(surely?: boolean): Promise<InboxMessage[]>;
  /** What has happened in the sandbox between calls and is not in the log yet, such as the end of a job. Each is told once. */
  news(): RunEvent[];
  /** Files of the run's start commit with house rules for a folder below the root. A repository may change no rules while it is worked on. */
  houseRules: { paths(): Promise<readonly string[]>; read(path: string): Promise<string | null> };
  /** Keeps the work tree as it is now; null where that failed, which ends nothing: the turn cannot be gone back to. */
  snapshot(turn: number): Promise<{ commit: string; leftOut: string[] } | null>;
  /** True when a person wants the run to pause: the slice ends before the next model call, with no call open. */
  pausing(): boolean;
  /** Takes secrets out of an event before the model or the log sees it. The same answer for its own answers. */
  redact(event: RunEvent): RunEvent;
  /** Token deltas for the live page; ephemeral. */
  onText?(turn: number, delta: string): void;
};

/** `rules`: what the verdicts among the events went by. `heard`: no person has said anything that is not in the log with them. */
export type Decided = { rules: RulesBasis | null; heard: boolean };

/** A model as a run is answered by it. */
export type Backend = {
  name: string;
  provider: string;
  model: ModelPort;
  /** The price rows in force for it. Never empty. */
  prices: PriceRow[];
  /** How long a prompt may grow, in tokens, before room is made in it. */
  windowTokens: number;
  /** Most tokens one reply may have. */
  maxTokens: number;
};

export type InboxMessage = { source: 'platform' | 'person'; text: string; commandId?: string };

type RunBudget = {
  /** Run-time used by this run so far, in ms, over all its slices and up to now. */
  millisUsed(): number;
  /** What the run may still use under all of its budgets, as the ledger last said. */
  left(): LedgerLeft;
  /** The price rows in force for this run's model; see `pricesInForce` in domain/prices. Never empty. */
  prices: PriceRow[];
};

/** Why a slice was told to stop. */
export type StopCause =
  /** `not_allowed`: what the run works under does not hold any more. */
  | { kind: 'stopped'; reason: 'stopped_by_person' | 'not_allowed'; detail: string }
  /** The worker shuts down: the slice ends at once with `continue` and another worker goes on. */
  | { kind: 'draining' }
  /** The run-time of this run, or of a budget above it, is used up. */
  | { kind: 'time_used' }
  /** A budget was lowered below what is used and reserved. */
  | { kind: 'budget_used' }
  | { kind: 'lease_lost' };

export type RunLimits = {
  seconds: number;
  costMicros: number;
  turns: number;
  /** The slice ends at the first turn boundary after this long. */
  sliceMs: number;
  /** How long a prompt may grow, in tokens, before room is made in it. */
  windowTokens: number;
  /** Most tokens one reply may have. */
  maxTokens: number;
  /** Share of the run's money or time that may pass without an accepted change before the agent is told; see the role. */
  idleShare: number;
};

/** `log` is the run's whole stream, `run.started` first. */
export type SliceStart = { log: RunEvent[]; generation: number; worker: string };

/**
 * How a slice ended. `unrecorded` must be written, before `run.waiting` or `run.ended`, in the transaction that moves the
 * run's status: a crash in between repeats nothing but calls that are safe to repeat.
 */
export type SliceEnd =
  /** Go on in a new slice, `afterMs` from now at the earliest. */
  | { kind: 'continue'; afterMs: number; totals: Totals }
  | { kind: 'waiting'; waits: Waits; on: WaitsOn; unrecorded: RunEvent[]; totals: Totals }
  | { kind: 'paused'; unrecorded: RunEvent[]; totals: Totals }
  | { kind: 'ended'; outcome: RunOutcome; unrecorded: RunEvent[]; totals: Totals };

/** What ends a wait: a decision, or the end of a helper. */
export type WaitsOn = { kind: 'approval' | 'run'; id: string };

/** What a call puts before people. */
export type DeskRequest =
  | { kind: 'question'; question: string; options: string[] }
  | ({ kind: 'scope'; why: string } & GrantAllows)
  | { kind: 'budget'; addMicros: number; addSeconds: number; why: string }
  | { kind: 'blocker'; what: string; needs: string; tried: string[] };

/** Where calls go that leave the sandbox. All are idempotent by `callId`: after a crash they are called again. */
export type Desk = {
  handoff(call: { callId: string; body: BuildHandoff; signal: AbortSignal }): Promise<DeskAnswer>;
  /** Reserves paths for the task; `text` says what it holds, or who else does. Again for the same paths: longer. */
  claim(call: {
    callId: string;
    paths: string[];
    signal: AbortSignal;
  }): Promise<{ kind: 'held' | 'refused'; text: string }>;
  decide(call: { callId: string; body: ReviewDecision; signal: AbortSignal }): Promise<DeskAnswer>;
  /** First call: starts a helper and answers `waiting`. Later calls: `waiting` until that has ended. */
  delegate(call: { callId: string; body: Delegation; signal: AbortSignal }): Promise<HelpAnswer>;
  /** First call: puts it before people and answers `waiting`. Later calls: `waiting` until a person has answered. */
  ask(call: { callId: string; request: DeskRequest; signal: AbortSignal }): Promise<PeopleAnswer>;
};

/** `on` is the helper's run; `isError`: it ended without an answer. */
export type HelpAnswer =
  | { kind: 'waiting'; on: WaitsOn; waits: Waits }
  | { kind: 'answered'; isError: boolean; text: string }
  | { kind: 'refused'; text: string };

/** `refused.text` goes to the agent as the call's error: it says what to do. `events` join the run's last transaction. */
type DeskAnswer = { kind: 'accepted'; events: RunEvent[] } | { kind: 'refused'; text: string; events?: RunEvent[] };

export type PeopleAnswer =
  | { kind: 'waiting'; approvalId: string; waits: Waits }
  /** What the person said, word for word, in words the agent can use. `events` go into the log with the result. */
  | { kind: 'answered'; text: string; events: RunEvent[] }
  | { kind: 'refused'; text: string };

/** Puts back at once what a command has changed outside what its run may write. */
export type WorkGuard = {
  /** Called when a command has ended; null where nothing had to be put back. */
  restore(call: { callId: string; signal: AbortSignal }): Promise<RestoredWork | null>;
};

export type RestoredWork = RunEventPayload<'work.restored'>;

/** The tools of one run, bound to its sandbox and desk: `bindTools` in tools/toolbox.ts makes it. */
export type Toolbox = {
  definitions: ToolDefinition[];
  /** Checks name and arguments. `problem` is a sentence that teaches the model how to call it. */
  prepare(tool: string, input: unknown): PreparedCall | { problem: string };
};

export type PreparedCall = {
  action: Action;
  effect: ToolEffect;
  /** True: after a crash the call is made again; false: it comes back to the model as lost. */
  idempotent: boolean;
  /** `outputs` are the ids of what this run's own results were kept whole under. */
  run(context: { callId: string; signal: AbortSignal; outputs: readonly string[] }): Promise<ToolResult>;
};

/** What a call came to; `events` go into the log with it. `ends` is set where the run waits for a person or has its result. */
export type ToolResult = {
  outcome: 'ok' | 'error' | 'timed_out';
  text: string;
  /** Shown to the model behind the text; the tool has put their bytes among the blobs. */
  images?: ResultImage[];
  exitCode: number | null;
  droppedBytes: number;
  blobId: string | null;
  events?: RunEvent[];
  ends?: { kind: 'waiting'; on: WaitsOn; waits: Waits } | { kind: 'concluded'; events: RunEvent[] };
};
