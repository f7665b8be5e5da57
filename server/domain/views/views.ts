/** Read models: what a procedure answers and a page shows. Times are ISO 8601 UTC, money µ$ as a number. */
import type { DefinitionView } from './definition-view.ts';
import type { Granted } from '../approval/granted.ts';
import type { ApprovalSubject } from '../approval/subject.ts';
import type { OrgRole } from '../authz/scopes.ts';
import type { CheckEvidence } from '../checks/evidence.ts';
import type { Actor } from '../events/actor.ts';
import type { RunOutcome, RunStatus, Waits } from '../runs/run-state.ts';
import type { Finding } from '../roles/role-body.ts';
import type { EnvironmentCheckView, RepoView } from './repo-views.ts';

export type OwnOrgView = { id: string; slug: string; name: string; role: OrgRole };
export type OrgView = OwnOrgView & { model: ModelStatusView; deletion: OrgDeletionView | null };

/** An org that is about to go: who asked for it, and until when that can be undone. */
export type OrgDeletionView = { by: string; requestedAt: string; dueAt: string; held: boolean };

/** Which model answers for this org, and in words why. `scripted` starts the sample task only. */
export type ModelStatusView = {
  kind: 'anthropic' | 'connected' | 'scripted';
  source: 'org_key' | 'environment' | 'none';
  hint: string | null;
  sentence: string;
};

export type BoardColumn = 'needs_you' | 'running' | 'waiting' | 'quarantined' | 'done';

/** One pipeline run on the board. `sentence` is its state in plain words. */
export type BoardCardView = {
  pipelineRunId: string;
  taskId: string;
  taskNumber: number;
  title: string;
  repo: string;
  column: BoardColumn;
  status: 'queued' | 'running' | 'waiting' | 'succeeded' | 'failed' | 'stopped';
  sentence: string;
  stage: string | null;
  agent: string | null;
  runId: string | null;
  changeId: string | null;
  approvalId: string | null;
  costMicros: number;
  reservedMicros: number;
  costLimitMicros: number;
  secondsUsed: number;
  secondsLimit: number;
  scripted: boolean;
  progressAt: string;
  createdAt: string;
};
export type BoardView = { cards: BoardCardView[]; runningRuns: number; spentTodayMicros: number; needsYou: number };

export type TaskListItemView = {
  id: string;
  number: number;
  title: string;
  repo: string;
  requester: string;
  createdAt: string;
  status: BoardCardView['status'];
  sentence: string;
};

export type StageView = {
  id: string;
  stage: string;
  kind: 'agent' | 'check' | 'approval' | 'merge';
  attempt: number;
  status: 'queued' | 'running' | 'waiting' | 'passed' | 'failed' | 'stopped';
  sentence: string;
  startedAt: string;
  endedAt: string | null;
  runId: string | null;
  approvalId: string | null;
  checkVerdict: 'passed' | 'failed' | 'broken' | null;
};

export type TaskView = {
  id: string;
  number: number;
  title: string;
  body: string;
  acceptance: string[];
  scope: string[];
  repo: RepoView;
  /** What was seen of the environment before the task began; null where that has not happened. */
  environment: EnvironmentCheckView | null;
  requester: string;
  createdAt: string;
  pipelineRun: {
    id: string;
    status: BoardCardView['status'];
    sentence: string;
    waits: Waits | null;
    stages: StageView[];
    plannedStages: string[];
    changeId: string | null;
    costMicros: number;
    costLimitMicros: number;
    secondsUsed: number;
    secondsLimit: number;
    endedAt: string | null;
  };
};

export type HelperView = {
  runId: string;
  question: string;
  status: RunStatus;
  secondsUsed: number;
  costMicros: number;
  costLimitMicros: number;
};

export type RunView = {
  id: string;
  taskId: string;
  taskNumber: number;
  taskTitle: string;
  repo: string;
  pipelineRunId: string;
  changeId: string | null;
  stage: string;
  attempt: number;
  agent: string;
  /** Null for runs from before agents had revisions. */
  agentRevision: number | null;
  agentId: string;
  role: string;
  roleVersion: number;
  status: RunStatus;
  sentence: string;
  waits: Waits | null;
  approvalId: string | null;
  /** Messages of people that the agent has not got yet. */
  pendingMessages: { id: string; text: string; at: string }[];
  /** The turn of another run that this one goes on from. */
  forkOf: { runId: string; turn: number } | null;
  /** The run that goes on from a turn of this one. */
  retriedBy: string | null;
  /** The run that asked for this helper. */
  helperOf: string | null;
  /** The helpers that this run asked for, each with what it has used. */
  helpers: HelperView[];
  /** Another run may go on from one of its turns. */
  mayBeRetried: boolean;
  /** `asked`: the calls in the air are let end first. */
  pause: 'none' | 'asked' | 'paused';
  outcome: RunOutcome | null;
  model: string;
  scripted: boolean;
  turns: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  costMicros: number;
  costLimitMicros: number;
  secondsUsed: number;
  secondsLimit: number;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

/** One event as a page gets it: decoded, with its place in the chain. `payload` follows runEvents or orgEvents. */
export type EventView = {
  streamId: string;
  seq: number;
  kind: string;
  at: string;
  actor: Actor;
  payload: unknown;
  hash: string;
  /** Where the payload was erased; then it is what is left. */
  erased?: { at: string; actor: Actor; reason: string } | null;
};

/** An event of the org's own stream, with the name of the person or service account that did it; null for runs and Fleet itself. */
export type OrgEventView = EventView & { person: string | null };

/** An event of a run that has a text in it, with what stands around it there. */
export type RunHitView = {
  seq: number;
  kind: string;
  at: string;
  turn: number | null;
  before: string;
  found: string;
  after: string;
};
export type RunSearchView = { hits: RunHitView[]; more: boolean };

export type CheckView = {
  id: string;
  commit: string;
  verdict: 'passed' | 'failed' | 'broken';
  evidence: CheckEvidence;
  createdAt: string;
};
export type ReviewView = {
  id: string;
  commit: string;
  verdict: 'approve' | 'changes_requested';
  agent: string;
  runId: string;
  summary: string;
  findings: (Finding & { id: string; resolved: boolean })[];
  createdAt: string;
};

export type ChangeListItemView = {
  id: string;
  number: number;
  title: string;
  repo: string;
  branch: string;
  status: 'open' | 'merged' | 'closed';
  files: number;
  added: number;
  removed: number;
  updatedAt: string;
};

/** A line of the merge box: one gate, whether it is passed, and its proof. */
/** `at`: when it was passed, where a person passed it. */
export type GateView = { name: string; passed: boolean; proof: string; at: string | null };

export type ChangeView = ChangeListItemView & {
  taskId: string;
  taskNumber: number;
  pipelineRunId: string;
  repoId: string;
  target: string;
  base: string;
  head: string | null;
  merged: string | null;
  /** Unified diff base…head, cut at 1 MB; empty while there is no head. */
  diff: string;
  diffCut: boolean;
  checks: CheckView[];
  reviews: ReviewView[];
  approvals: ApprovalView[];
  gates: GateView[];
};

export type ApprovalView = {
  id: string;
  kind: ApprovalSubject['kind'];
  status: 'pending' | 'approved' | 'denied' | 'expired' | 'voided';
  /** One plain sentence of what approving does. */
  consent: string;
  onDeny: string;
  onExpiry: string;
  subject: ApprovalSubject;
  digest: string;
  quorum: number;
  /** Null, with the rest of the task, for a version of a policy or role. */
  taskId: string | null;
  taskNumber: number | null;
  taskTitle: string | null;
  repo: string | null;
  /** What a version of a policy or role changes; only where one approval is asked for. */
  definition: DefinitionView | null;
  requestedBy: string;
  createdAt: string;
  expiresAt: string;
  decidedAt: string | null;
  selfApproved: boolean;
  /** Denied, and sent back to be reworked. */
  rework: boolean;
  answer: string | null;
  /** What a decision on scope or budget gave. */
  granted: Granted | null;
  votes: { by: string; verdict: 'approved' | 'denied'; reason: string; via: string; at: string }[];
  /** Whether the viewer may decide, and if not, why in words. */
  mayDecide: boolean;
  whyNot: string | null;
};

export type VerifyView = {
  ok: boolean;
  streams: number;
  events: number;
  /** Of these: with a signed tombstone in the place of their payload. */
  erased: number;
  head: string;
  firstBad: { streamId: string; seq: number; problem: string } | null;
  millis: number;
};

export type OutboxMailView = { id: string; to: string; subject: string; text: string; sentAt: string };
