import type { z } from 'zod';
import { agentHired } from './kinds/org/agent-hired.ts';
import { agentReinstated } from './kinds/org/agent-reinstated.ts';
import { agentRetired } from './kinds/org/agent-retired.ts';
import { agentRevised } from './kinds/org/agent-revised.ts';
import { apiKeyMade } from './kinds/org/api-key-made.ts';
import { apiKeyRevoked } from './kinds/org/api-key-revoked.ts';
import { approvalClosed } from './kinds/org/approval-closed.ts';
import { approvalDecided } from './kinds/org/approval-decided.ts';
import { approvalRequested } from './kinds/org/approval-requested.ts';
import { auditErased } from './kinds/org/audit-erased.ts';
import { auditExported } from './kinds/org/audit-exported.ts';
import { auditVerified } from './kinds/org/audit-verified.ts';
import { budgetLevelsSet } from './kinds/org/budget-levels-set.ts';
import { budgetRaised } from './kinds/org/budget-raised.ts';
import { budgetSet } from './kinds/org/budget-set.ts';
import { budgetWarned } from './kinds/org/budget-warned.ts';
import { changeMergeRefused } from './kinds/org/change-merge-refused.ts';
import { changeMerged } from './kinds/org/change-merged.ts';
import { changeMoved } from './kinds/org/change-moved.ts';
import { changeOpened } from './kinds/org/change-opened.ts';
import { checkFinished } from './kinds/org/check-finished.ts';
import { domainAdded } from './kinds/org/domain-added.ts';
import { domainJoinSet } from './kinds/org/domain-join-set.ts';
import { domainProofSeen } from './kinds/org/domain-proof-seen.ts';
import { domainProven } from './kinds/org/domain-proven.ts';
import { domainRemoved } from './kinds/org/domain-removed.ts';
import { environmentChecked } from './kinds/org/environment-checked.ts';
import { evidenceMade } from './kinds/org/evidence-made.ts';
import { filterRemoved } from './kinds/org/filter-removed.ts';
import { filterSaved } from './kinds/org/filter-saved.ts';
import { grantGiven } from './kinds/org/grant-given.ts';
import { holdLifted } from './kinds/org/hold-lifted.ts';
import { holdPlaced } from './kinds/org/hold-placed.ts';
import { identitySet } from './kinds/org/identity-set.ts';
import { invitationRevoked } from './kinds/org/invitation-revoked.ts';
import { maxRunsSet } from './kinds/org/max-runs-set.ts';
import { mcpServerRemoved } from './kinds/org/mcp-server-removed.ts';
import { mcpServerSaved } from './kinds/org/mcp-server-saved.ts';
import { mcpServerToolsAllowed } from './kinds/org/mcp-server-tools-allowed.ts';
import { mcpServerTried } from './kinds/org/mcp-server-tried.ts';
import { mcpServerTryRequested } from './kinds/org/mcp-server-try-requested.ts';
import { memberInvited } from './kinds/org/member-invited.ts';
import { memberJoined } from './kinds/org/member-joined.ts';
import { memberRemoved } from './kinds/org/member-removed.ts';
import { memberRoleChanged } from './kinds/org/member-role-changed.ts';
import { modelConnectionRemoved } from './kinds/org/model-connection-removed.ts';
import { modelConnectionSaved } from './kinds/org/model-connection-saved.ts';
import { modelKeyRemoved } from './kinds/org/model-key-removed.ts';
import { modelKeySaved } from './kinds/org/model-key-saved.ts';
import { modelChosen } from './kinds/org/model-chosen.ts';
import { modelRemoved } from './kinds/org/model-removed.ts';
import { modelSaved } from './kinds/org/model-saved.ts';
import { orgCreated } from './kinds/org/org-created.ts';
import { orgDeleted } from './kinds/org/org-deleted.ts';
import { orgDeletionRequested } from './kinds/org/org-deletion-requested.ts';
import { orgDeletionUndone } from './kinds/org/org-deletion-undone.ts';
import { orgRenamed } from './kinds/org/org-renamed.ts';
import { pipelineRunEnded } from './kinds/org/pipeline-run-ended.ts';
import { pipelineRunStarted } from './kinds/org/pipeline-run-started.ts';
import { policySaved } from './kinds/org/policy-saved.ts';
import { proposalAccepted } from './kinds/org/proposal-accepted.ts';
import { proposalDismissed } from './kinds/org/proposal-dismissed.ts';
import { proposalFound } from './kinds/org/proposal-found.ts';
import { proposalGone } from './kinds/org/proposal-gone.ts';
import { policySmokeAsked } from './kinds/org/policy-smoke-asked.ts';
import { policySmokeFailed } from './kinds/org/policy-smoke-failed.ts';
import { policySmokeTried } from './kinds/org/policy-smoke-tried.ts';
import { repoClassesConfirmed } from './kinds/org/repo-classes-confirmed.ts';
import { repoConfigured } from './kinds/org/repo-configured.ts';
import { repoConnected } from './kinds/org/repo-connected.ts';
import { retentionSet } from './kinds/org/retention-set.ts';
import { retentionSwept } from './kinds/org/retention-swept.ts';
import { reviewRecorded } from './kinds/org/review-recorded.ts';
import { roleAdded } from './kinds/org/role-added.ts';
import { roleSaved } from './kinds/org/role-saved.ts';
import { roleToolsChanged } from './kinds/org/role-tools-changed.ts';
import { runDelegated } from './kinds/org/run-delegated.ts';
import { runPauseRequested } from './kinds/org/run-pause-requested.ts';
import { runResumeRequested } from './kinds/org/run-resume-requested.ts';
import { runRetried } from './kinds/org/run-retried.ts';
import { runSteered } from './kinds/org/run-steered.ts';
import { runStopRequested } from './kinds/org/run-stop-requested.ts';
import { sandboxAccountRemoved } from './kinds/org/sandbox-account-removed.ts';
import { sandboxAccountSaved } from './kinds/org/sandbox-account-saved.ts';
import { secretRemoved } from './kinds/org/secret-removed.ts';
import { secretSaved } from './kinds/org/secret-saved.ts';
import { serviceAccountAdded } from './kinds/org/service-account-added.ts';
import { serviceAccountRetired } from './kinds/org/service-account-retired.ts';
import { sessionEnded } from './kinds/org/session-ended.ts';
import { setUpRequested } from './kinds/org/set-up-requested.ts';
import { ssoBypassed } from './kinds/org/sso-bypassed.ts';
import { ssoRemoved } from './kinds/org/sso-removed.ts';
import { ssoRequired } from './kinds/org/sso-required.ts';
import { ssoSaved } from './kinds/org/sso-saved.ts';
import { stageEnded } from './kinds/org/stage-ended.ts';
import { stageStarted } from './kinds/org/stage-started.ts';
import { startersHired } from './kinds/org/starters-hired.ts';
import { taskCreated } from './kinds/org/task-created.ts';
import { teamAdded } from './kinds/org/team-added.ts';
import { teamAssigned } from './kinds/org/team-assigned.ts';
import { teamMemberSet } from './kinds/org/team-member-set.ts';
import { teamRemoved } from './kinds/org/team-removed.ts';
import { teamRenamed } from './kinds/org/team-renamed.ts';
import { webhookDisabled } from './kinds/org/webhook-disabled.ts';
import { webhookDiscarded } from './kinds/org/webhook-discarded.ts';
import { webhookEnabled } from './kinds/org/webhook-enabled.ts';
import { webhookQueued } from './kinds/org/webhook-queued.ts';
import { webhookRemoved } from './kinds/org/webhook-removed.ts';
import { webhookResent } from './kinds/org/webhook-resent.ts';
import { webhookSaved } from './kinds/org/webhook-saved.ts';
import { webhookSecretChanged } from './kinds/org/webhook-secret-changed.ts';
import { webhookTested } from './kinds/org/webhook-tested.ts';

/** Payload of every event kind on an org's stream: what people and the platform did around the runs. */
export const orgEvents = {
  'org.created': orgCreated,
  'org.renamed': orgRenamed,
  'org.deletion-requested': orgDeletionRequested,
  'org.deletion-undone': orgDeletionUndone,
  'org.deleted': orgDeleted,
  'member.joined': memberJoined,
  'member.invited': memberInvited,
  'invitation.revoked': invitationRevoked,
  'member.role-changed': memberRoleChanged,
  'service-account.added': serviceAccountAdded,
  'service-account.retired': serviceAccountRetired,
  'api-key.made': apiKeyMade,
  'api-key.revoked': apiKeyRevoked,
  'member.removed': memberRemoved,
  'session.ended': sessionEnded,
  'identity.set': identitySet,
  'sso.saved': ssoSaved,
  'sso.removed': ssoRemoved,
  'sso.required': ssoRequired,
  'sso.bypassed': ssoBypassed,
  'domain.added': domainAdded,
  'domain.proven': domainProven,
  'domain.proof-seen': domainProofSeen,
  'domain.removed': domainRemoved,
  'domain.join-set': domainJoinSet,
  'repo.connected': repoConnected,
  'repo.configured': repoConfigured,
  'repo.classes-confirmed': repoClassesConfirmed,
  'set-up.requested': setUpRequested,
  'environment.checked': environmentChecked,
  'starters.hired': startersHired,
  'policy.saved': policySaved,
  'proposal.found': proposalFound,
  'proposal.gone': proposalGone,
  'proposal.accepted': proposalAccepted,
  'proposal.dismissed': proposalDismissed,
  'policy.smoke-asked': policySmokeAsked,
  'policy.smoke-tried': policySmokeTried,
  'policy.smoke-failed': policySmokeFailed,
  'agent.retired': agentRetired,
  'agent.reinstated': agentReinstated,
  'agent.hired': agentHired,
  'agent.revised': agentRevised,
  'model-key.saved': modelKeySaved,
  'model-key.removed': modelKeyRemoved,
  'secret.saved': secretSaved,
  'secret.removed': secretRemoved,
  'mcp-server.saved': mcpServerSaved,
  'mcp-server.removed': mcpServerRemoved,
  'mcp-server.try-requested': mcpServerTryRequested,
  'mcp-server.tried': mcpServerTried,
  'mcp-server.tools-allowed': mcpServerToolsAllowed,
  'role.saved': roleSaved,
  'role.added': roleAdded,
  'role.tools-changed': roleToolsChanged,
  'model-connection.saved': modelConnectionSaved,
  'sandbox-account.saved': sandboxAccountSaved,
  'sandbox-account.removed': sandboxAccountRemoved,
  'model-connection.removed': modelConnectionRemoved,
  'model.saved': modelSaved,
  'model.removed': modelRemoved,
  'model.chosen': modelChosen,
  'task.created': taskCreated,
  'pipeline-run.started': pipelineRunStarted,
  'pipeline-run.ended': pipelineRunEnded,
  'stage.started': stageStarted,
  'stage.ended': stageEnded,
  'change.opened': changeOpened,
  'change.moved': changeMoved,
  'change.merged': changeMerged,
  'change.merge-refused': changeMergeRefused,
  'check.finished': checkFinished,
  'review.recorded': reviewRecorded,
  'approval.requested': approvalRequested,
  'approval.decided': approvalDecided,
  'approval.closed': approvalClosed,
  'grant.given': grantGiven,
  'run.stop-requested': runStopRequested,
  'budget.warned': budgetWarned,
  'budget.set': budgetSet,
  'max-runs.set': maxRunsSet,
  'budget-levels.set': budgetLevelsSet,
  'team.renamed': teamRenamed,
  'team.removed': teamRemoved,
  'team.member-set': teamMemberSet,
  'team.added': teamAdded,
  'team.assigned': teamAssigned,
  'budget.raised': budgetRaised,
  'run.delegated': runDelegated,
  'run.steered': runSteered,
  'run.retried': runRetried,
  'run.pause-requested': runPauseRequested,
  'run.resume-requested': runResumeRequested,
  'filter.saved': filterSaved,
  'filter.removed': filterRemoved,
  'audit.exported': auditExported,
  'evidence.made': evidenceMade,
  'audit.verified': auditVerified,
  'audit.erased': auditErased,
  'retention.set': retentionSet,
  'retention.swept': retentionSwept,
  'hold.placed': holdPlaced,
  'hold.lifted': holdLifted,
  'webhook.saved': webhookSaved,
  'webhook.removed': webhookRemoved,
  'webhook.secret-changed': webhookSecretChanged,
  'webhook.tested': webhookTested,
  'webhook.enabled': webhookEnabled,
  'webhook.disabled': webhookDisabled,
  'webhook.resent': webhookResent,
  'webhook.discarded': webhookDiscarded,
  'webhook.queued': webhookQueued,
} as const;

export type OrgEventKind = keyof typeof orgEvents;
export type OrgEventPayload<K extends OrgEventKind> = z.infer<(typeof orgEvents)[K]>;
export type OrgEvent = { [K in OrgEventKind]: { kind: K; payload: OrgEventPayload<K> } }[OrgEventKind];
