import type { z } from 'zod';
import { actionJudged } from './kinds/run/action-judged.ts';
import { budgetRaised } from './kinds/run/budget-raised.ts';
import { commitRecorded } from './kinds/run/commit-recorded.ts';
import { contextCleared } from './kinds/run/context-cleared.ts';
import { contextCompacted } from './kinds/run/context-compacted.ts';
import { environmentProbed } from './kinds/run/environment-probed.ts';
import { jobEnded } from './kinds/run/job-ended.ts';
import { jobStarted } from './kinds/run/job-started.ts';
import { messageAdded } from './kinds/run/message-added.ts';
import { modelCalled } from './kinds/run/model-called.ts';
import { modelFailed } from './kinds/run/model-failed.ts';
import { modelReplied } from './kinds/run/model-replied.ts';
import { modelSwitched } from './kinds/run/model-switched.ts';
import { networkRequested } from './kinds/run/network-requested.ts';
import { planUpdated } from './kinds/run/plan-updated.ts';
import { policyChanged } from './kinds/run/policy-changed.ts';
import { rulesRead } from './kinds/run/rules-read.ts';
import { runEnded } from './kinds/run/run-ended.ts';
import { runForked } from './kinds/run/run-forked.ts';
import { runHandedOff } from './kinds/run/run-handed-off.ts';
import { runReported } from './kinds/run/run-reported.ts';
import { runResumed } from './kinds/run/run-resumed.ts';
import { runStarted } from './kinds/run/run-started.ts';
import { runWaiting } from './kinds/run/run-waiting.ts';
import { sandboxOpened } from './kinds/run/sandbox-opened.ts';
import { scopeGranted } from './kinds/run/scope-granted.ts';
import { sliceStarted } from './kinds/run/slice-started.ts';
import { summaryRejected } from './kinds/run/summary-rejected.ts';
import { toolFinished } from './kinds/run/tool-finished.ts';
import { toolIntended } from './kinds/run/tool-intended.ts';
import { workRestored } from './kinds/run/work-restored.ts';
import { workspaceSnapshotted } from './kinds/run/workspace-snapshotted.ts';

/**
 * Payload of every event kind on a run's stream. The transcript, the totals and the page are derivations of these.
 * Kinds and fields are only ever added: old events must always parse.
 */
export const runEvents = {
  'run.started': runStarted,
  'run.forked': runForked,
  'slice.started': sliceStarted,
  'message.added': messageAdded,
  'rules.read': rulesRead,
  'environment.probed': environmentProbed,
  'sandbox.opened': sandboxOpened,
  'model.called': modelCalled,
  'model.replied': modelReplied,
  'model.failed': modelFailed,
  'model.switched': modelSwitched,
  'action.judged': actionJudged,
  'policy.changed': policyChanged,
  'work.restored': workRestored,
  'tool.intended': toolIntended,
  'tool.finished': toolFinished,
  'context.cleared': contextCleared,
  'summary.rejected': summaryRejected,
  'context.compacted': contextCompacted,
  'job.started': jobStarted,
  'job.ended': jobEnded,
  'plan.updated': planUpdated,
  'scope.granted': scopeGranted,
  'budget.raised': budgetRaised,
  'run.waiting': runWaiting,
  'run.resumed': runResumed,
  'commit.recorded': commitRecorded,
  'workspace.snapshotted': workspaceSnapshotted,
  'network.requested': networkRequested,
  'run.reported': runReported,
  'run.handed-off': runHandedOff,
  'run.ended': runEnded,
} as const;

export type RunEventKind = keyof typeof runEvents;
export type RunEventPayload<K extends RunEventKind> = z.infer<(typeof runEvents)[K]>;
/** A run event as code handles it: kind and payload, before it gets a place in the chain. */
export type RunEvent = { [K in RunEventKind]: { kind: K; payload: RunEventPayload<K> } }[RunEventKind];
