import type { ModelMessage, StopReason, ToolDefinition } from '../ports/model.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { RunEndReason, RunOutcome, Waits } from '../runs/run-state.ts';

/** Tokens, money and counts of a run, as its log says. */
export type Totals = {
  turns: number;
  toolCalls: number;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  costMicros: number;
};

/** A call of the last reply. `verdict` is null until its intent is in the log, `text` until its result is. */
export type Call = {
  callId: string;
  tool: string;
  input: unknown;
  verdict: Verdict | null;
  text: string | null;
  isError: boolean;
};

/** A run's log folded: what the loop acts on, alike in a live slice and after a crash. */
export type Transcript = {
  system: string;
  /** The tools as the log keeps them; null in a log that is older than that. */
  definitions: ToolDefinition[] | null;
  model: string;
  /** The messages up to and with the last reply; what follows them is still in `calls` and `texts`. */
  closed: ModelMessage[];
  /** The calls of the last reply, in the order in which it made them. */
  calls: Call[];
  /** The id of every call so far: none is given out twice. */
  callIds: string[];
  /** Texts for the next user message, after the results. */
  texts: string[];
  /** Replies so far; the next call is turn `turn + 1`. */
  turn: number;
  lastStop: StopReason | null;
  /** Prompt and reply tokens of the last reply together: the next prompt begins with just these. */
  lastTokens: number;
  /** Replies in a row without a tool call. */
  silentReplies: number;
  /** Whether anything was said to the agent since its last reply, results of calls apart. */
  spokenTo: boolean;
  /** Failed model calls in a row. */
  failures: number;
  /** A model call without reply or failure: we stopped while it was in the air. */
  openModelCall: { turn: number; reservedMicros: number } | null;
  /** The agent has been told that its budget runs out. */
  landing: boolean;
  waiting: { waits: Waits; approvalId: string | null } | null;
  /** An accepted hand-off or decision: nothing more may be asked of the model. */
  concluded: RunEndReason | null;
  ended: RunOutcome | null;
  totals: Totals;
};

export const emptyTranscript: Transcript = {
  system: '',
  definitions: null,
  model: '',
  closed: [],
  calls: [],
  callIds: [],
  texts: [],
  turn: 0,
  lastStop: null,
  lastTokens: 0,
  silentReplies: 0,
  spokenTo: false,
  failures: 0,
  openModelCall: null,
  landing: false,
  waiting: null,
  concluded: null,
  ended: null,
  totals: { turns: 0, toolCalls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costMicros: 0 },
};
