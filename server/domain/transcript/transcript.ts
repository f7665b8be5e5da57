import type { ModelMessage, ResultImage, StopReason, ToolDefinition } from '../ports/model.ts';
import type { Verdict } from '../policy/verdict.ts';
import type { SummaryHeading } from '../context/summary.ts';
import type { Decision, PlanItem } from '../runs/plan.ts';
import type { RunEndReason, RunOutcome, Waits } from '../runs/run-state.ts';
import { emptyTrail, type Trail } from '../stuck/trail.ts';

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
  images?: ResultImage[];
  isError: boolean;
};

/** What the log itself knows of the work, whatever the agent says of it. */
export type Facts = {
  /** Paths that file tools wrote, each once. */
  written: string[];
  /** Commands whose last run failed, oldest first, with the end of what they printed. */
  failing: { command: string; text: string }[];
  /** Results that were kept whole, by call id. */
  outputs: Record<string, string>;
};

/** A run's log folded: what the loop acts on, alike in a live slice and after a crash. */
export type Transcript = {
  system: string;
  /** The tools as the log keeps them; null in a log that is older than that. */
  definitions: ToolDefinition[] | null;
  model: string;
  /** The fallback answers, since the run's own model did not. */
  switched: boolean;
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
  /** These were counted by another model than the one that is asked next. */
  countedByOther: boolean;
  /** Bytes of the prompt's parts as JSON, images as their tokens' worth: system and tools, and the messages of `closed`. */
  size: { prefix: number; closed: number };
  /** How many of those bytes the provider last counted as one token. */
  bytesPerToken: number;
  /** The provider has said that the conversation does not fit; nothing was dropped from it since. */
  overflow: boolean;
  /** The turn after which the conversation was last compacted. */
  compactedAt: number | null;
  /** What outlives every compaction word for word: the task, and what people and the platform said since. */
  task: string;
  said: string[];
  facts: Facts;
  /** What the agent said it decided: word for word as it noted it, and as its last summary had it. */
  decisions: { noted: Decision[]; summed: string };
  /** What its last answer to the request for a summary lacked and said; null while none was rejected. */
  rejectedSummary: { missing: readonly SummaryHeading[]; text: string } | null;
  /** What stuck detection looks at. */
  trail: Trail;
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
  /** The last step of its budget, in percent, that it was told of. */
  budgetTold: number;
  /** Files with house rules that the conversation holds. */
  rulesRead: string[];
  /** Background jobs that have not ended, and how many there were in all. */
  jobs: { jobId: string; command: string }[];
  jobsStarted: number;
  /** The last turn whose work tree was kept, and as which commit. */
  snapshot: { turn: number; commit: string } | null;
  /** The agent's plan as it last wrote it. */
  plan: PlanItem[];
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
  switched: false,
  closed: [],
  calls: [],
  callIds: [],
  texts: [],
  turn: 0,
  lastStop: null,
  lastTokens: 0,
  countedByOther: false,
  size: { prefix: 0, closed: 0 },
  bytesPerToken: 3.5,
  overflow: false,
  compactedAt: null,
  task: '',
  said: [],
  facts: { written: [], failing: [], outputs: {} },
  decisions: { noted: [], summed: '' },
  rejectedSummary: null,
  trail: emptyTrail,
  silentReplies: 0,
  spokenTo: false,
  failures: 0,
  openModelCall: null,
  landing: false,
  budgetTold: 0,
  rulesRead: [],
  jobs: [],
  jobsStarted: 0,
  snapshot: null,
  plan: [],
  waiting: null,
  concluded: null,
  ended: null,
  totals: { turns: 0, toolCalls: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costMicros: 0 },
};
