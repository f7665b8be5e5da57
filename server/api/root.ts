import { agentsRouter } from './routers/agents.ts';
import { approvalsDecide } from './routers/approvals/decide.ts';
import { approvalsGet } from './routers/approvals/get.ts';
import { approvalsList } from './routers/approvals/list.ts';
import { retentionGet } from './routers/retention/get.ts';
import { retentionLiftHold } from './routers/retention/lift-hold.ts';
import { retentionPlaceHold } from './routers/retention/place-hold.ts';
import { retentionSet } from './routers/retention/set.ts';
import { auditErase } from './routers/audit/erase.ts';
import { auditEvent } from './routers/audit/event.ts';
import { auditEvents } from './routers/audit/events.ts';
import { auditFilters } from './routers/audit/filters.ts';
import { auditGrowth } from './routers/audit/growth.ts';
import { auditHead } from './routers/audit/head.ts';
import { auditProof } from './routers/audit/proof.ts';
import { auditRemoveFilter } from './routers/audit/remove-filter.ts';
import { auditSaveFilter } from './routers/audit/save-filter.ts';
import { auditSearch } from './routers/audit/search.ts';
import { auditStanding } from './routers/audit/standing.ts';
import { auditVerify } from './routers/audit/verify.ts';
import { auditWords } from './routers/audit/words.ts';
import { boardChanges } from './routers/board/changes.ts';
import { boardGet } from './routers/board/get.ts';
import { budgetsAddTeam } from './routers/budgets/add-team.ts';
import { budgetsAlerts } from './routers/budgets/alerts.ts';
import { budgetsAssignTeam } from './routers/budgets/assign-team.ts';
import { budgetsSetLevels } from './routers/budgets/set-levels.ts';
import { changesGet } from './routers/changes/get.ts';
import { changesList } from './routers/changes/list.ts';
import { environmentCheck } from './routers/environment/check.ts';
import { environmentGet } from './routers/environment/get.ts';
import { environmentList } from './routers/environment/list.ts';
import { installationGet } from './routers/installation/get.ts';
import { installationOutbox } from './routers/installation/outbox.ts';
import { invitationsAccept } from './routers/invitations/accept.ts';
import { invitationsGet } from './routers/invitations/get.ts';
import { keysAddAccount } from './routers/keys/add-account.ts';
import { keysList } from './routers/keys/list.ts';
import { keysMake } from './routers/keys/make.ts';
import { keysRetireAccount } from './routers/keys/retire-account.ts';
import { keysRevoke } from './routers/keys/revoke.ts';
import { keysSelf } from './routers/keys/self.ts';
import { meDisconnectGithub } from './routers/me/disconnect-github.ts';
import { meGet } from './routers/me/get.ts';
import { orgsCreate } from './routers/orgs/create.ts';
import { orgsGet } from './routers/orgs/get.ts';
import { orgsList } from './routers/orgs/list.ts';
import { orgsRename } from './routers/orgs/rename.ts';
import { orgsRequestDeletion } from './routers/orgs/request-deletion.ts';
import { orgsUndoDeletion } from './routers/orgs/undo-deletion.ts';
import { peopleChangeRole } from './routers/people/change-role.ts';
import { peopleInvite } from './routers/people/invite.ts';
import { peopleList } from './routers/people/list.ts';
import { peopleRemove } from './routers/people/remove.ts';
import { peopleRevokeInvitation } from './routers/people/revoke-invitation.ts';
import { peopleTransfer } from './routers/people/transfer.ts';
import { proposals } from './routers/proposals.ts';
import { policyRouter } from './routers/policy.ts';
import { reposClasses } from './routers/repos/classes.ts';
import { reposConfirmClasses } from './routers/repos/confirm-classes.ts';
import { reposConfigure } from './routers/repos/configure.ts';
import { reposConnect } from './routers/repos/connect.ts';
import { reposList } from './routers/repos/list.ts';
import { reposProbe } from './routers/repos/probe.ts';
import { reposSurvey } from './routers/repos/survey.ts';
import { runsAxis } from './routers/runs/axis.ts';
import { runsDigest } from './routers/runs/digest.ts';
import { runsDiff } from './routers/runs/diff.ts';
import { runsImage } from './routers/runs/image.ts';
import { runsEvents } from './routers/runs/events.ts';
import { runsFile } from './routers/runs/file.ts';
import { runsFiles } from './routers/runs/files.ts';
import { runsGet } from './routers/runs/get.ts';
import { runsLive } from './routers/runs/live.ts';
import { runsPage } from './routers/runs/page.ts';
import { runsPause } from './routers/runs/pause.ts';
import { runsResume } from './routers/runs/resume.ts';
import { runsRetry } from './routers/runs/retry.ts';
import { runsSearch } from './routers/runs/search.ts';
import { runsSteer } from './routers/runs/steer.ts';
import { runsStop } from './routers/runs/stop.ts';
import { runsTurnDiff } from './routers/runs/turn-diff.ts';
import { secretsList } from './routers/secrets/list.ts';
import { secretsRemove } from './routers/secrets/remove.ts';
import { secretsSave } from './routers/secrets/save.ts';
import { sessionsList } from './routers/sessions/list.ts';
import { sessionsRevoke } from './routers/sessions/revoke.ts';
import { sessionsRevokeAll } from './routers/sessions/revoke-all.ts';
import { settingsBudgets } from './routers/settings/budgets.ts';
import { settingsSetBudget } from './routers/settings/set-budget.ts';
import { settingsChooseModel } from './routers/settings/choose-model.ts';
import { settingsModel } from './routers/settings/model.ts';
import { settingsModels } from './routers/settings/models.ts';
import { settingsRemoveModel } from './routers/settings/remove-model.ts';
import { settingsRemoveModelConnection } from './routers/settings/remove-model-connection.ts';
import { settingsSaveModel } from './routers/settings/save-model.ts';
import { settingsSaveModelConnection } from './routers/settings/save-model-connection.ts';
import { settingsRemoveModelKey } from './routers/settings/remove-model-key.ts';
import { settingsRemoveSandboxAccount } from './routers/settings/remove-sandbox-account.ts';
import { settingsSandboxes } from './routers/settings/sandboxes.ts';
import { settingsSaveSandboxAccount } from './routers/settings/save-sandbox-account.ts';
import { settingsSaveModelKey } from './routers/settings/save-model-key.ts';
import { ssoAddDomain } from './routers/sso/add-domain.ts';
import { ssoBypass } from './routers/sso/bypass.ts';
import { ssoGet } from './routers/sso/get.ts';
import { ssoProveDomain } from './routers/sso/prove-domain.ts';
import { ssoRemove } from './routers/sso/remove.ts';
import { ssoRemoveDomain } from './routers/sso/remove-domain.ts';
import { ssoRequire } from './routers/sso/require.ts';
import { ssoSave } from './routers/sso/save.ts';
import { ssoSetJoin } from './routers/sso/set-join.ts';
import { startersGet } from './routers/starters/get.ts';
import { startersHire } from './routers/starters/hire.ts';
import { tasksCreate } from './routers/tasks/create.ts';
import { tasksGet } from './routers/tasks/get.ts';
import { tasksList } from './routers/tasks/list.ts';
import { tasksPreflight } from './routers/tasks/preflight.ts';
import { tasksSuggest } from './routers/tasks/suggest.ts';
import { teamsList } from './routers/teams/list.ts';
import { teamsRemove } from './routers/teams/remove.ts';
import { teamsRename } from './routers/teams/rename.ts';
import { teamsSetMember } from './routers/teams/set-member.ts';
import { rolesAdd } from './routers/roles/add.ts';
import { rolesList } from './routers/roles/list.ts';
import { rolesSave } from './routers/roles/save.ts';
import { toolsAllow } from './routers/tools/allow.ts';
import { toolsChangeRole } from './routers/tools/change-role.ts';
import { toolsGet } from './routers/tools/get.ts';
import { toolsRemoveServer } from './routers/tools/remove-server.ts';
import { toolsSaveServer } from './routers/tools/save-server.ts';
import { toolsTryServer } from './routers/tools/try-server.ts';
import { webhooksChangeSecret } from './routers/webhooks/change-secret.ts';
import { webhooksDiscard } from './routers/webhooks/discard.ts';
import { webhooksEnable } from './routers/webhooks/enable.ts';
import { webhooksGet } from './routers/webhooks/get.ts';
import { webhooksRemove } from './routers/webhooks/remove.ts';
import { webhooksResend } from './routers/webhooks/resend.ts';
import { webhooksSave } from './routers/webhooks/save.ts';
import { webhooksTest } from './routers/webhooks/test.ts';
import { router } from './trpc.ts';

/** Every procedure by name. Its type is the client's contract. */
export const appRouter = router({
  me: router({ get: meGet, disconnectGithub: meDisconnectGithub }),
  sessions: router({ list: sessionsList, revoke: sessionsRevoke, revokeAll: sessionsRevokeAll }),
  orgs: router({
    list: orgsList,
    create: orgsCreate,
    get: orgsGet,
    rename: orgsRename,
    requestDeletion: orgsRequestDeletion,
    undoDeletion: orgsUndoDeletion,
  }),
  people: router({
    list: peopleList,
    changeRole: peopleChangeRole,
    remove: peopleRemove,
    transfer: peopleTransfer,
    invite: peopleInvite,
    revokeInvitation: peopleRevokeInvitation,
  }),
  keys: router({
    self: keysSelf,
    list: keysList,
    addAccount: keysAddAccount,
    retireAccount: keysRetireAccount,
    make: keysMake,
    revoke: keysRevoke,
  }),
  teams: router({ list: teamsList, rename: teamsRename, remove: teamsRemove, setMember: teamsSetMember }),
  sso: router({
    get: ssoGet,
    save: ssoSave,
    remove: ssoRemove,
    require: ssoRequire,
    bypass: ssoBypass,
    addDomain: ssoAddDomain,
    proveDomain: ssoProveDomain,
    removeDomain: ssoRemoveDomain,
    setJoin: ssoSetJoin,
  }),
  invitations: router({ get: invitationsGet, accept: invitationsAccept }),
  repos: router({
    list: reposList,
    probe: reposProbe,
    connect: reposConnect,
    survey: reposSurvey,
    configure: reposConfigure,
    classes: reposClasses,
    confirmClasses: reposConfirmClasses,
  }),
  proposals,
  environment: router({ get: environmentGet, list: environmentList, check: environmentCheck }),
  starters: router({ get: startersGet, hire: startersHire }),
  agents: agentsRouter,
  tasks: router({
    list: tasksList,
    get: tasksGet,
    suggest: tasksSuggest,
    preflight: tasksPreflight,
    create: tasksCreate,
  }),
  board: router({ get: boardGet, changes: boardChanges }),
  runs: router({
    get: runsGet,
    diff: runsDiff,
    image: runsImage,
    search: runsSearch,
    stop: runsStop,
    steer: runsSteer,
    pause: runsPause,
    resume: runsResume,
    retry: runsRetry,
    turnDiff: runsTurnDiff,
    axis: runsAxis,
    page: runsPage,
    digest: runsDigest,
    files: runsFiles,
    file: runsFile,
    events: runsEvents,
    live: runsLive,
  }),
  changes: router({ list: changesList, get: changesGet }),
  approvals: router({ list: approvalsList, get: approvalsGet, decide: approvalsDecide }),
  retention: router({
    get: retentionGet,
    set: retentionSet,
    placeHold: retentionPlaceHold,
    liftHold: retentionLiftHold,
  }),
  audit: router({
    verify: auditVerify,
    events: auditEvents,
    search: auditSearch,
    event: auditEvent,
    erase: auditErase,
    standing: auditStanding,
    words: auditWords,
    filters: auditFilters,
    saveFilter: auditSaveFilter,
    removeFilter: auditRemoveFilter,
    head: auditHead,
    proof: auditProof,
    growth: auditGrowth,
  }),
  settings: router({
    model: settingsModel,
    models: settingsModels,
    chooseModel: settingsChooseModel,
    saveModel: settingsSaveModel,
    removeModel: settingsRemoveModel,
    saveModelConnection: settingsSaveModelConnection,
    removeModelConnection: settingsRemoveModelConnection,
    saveModelKey: settingsSaveModelKey,
    removeModelKey: settingsRemoveModelKey,
    sandboxes: settingsSandboxes,
    saveSandboxAccount: settingsSaveSandboxAccount,
    removeSandboxAccount: settingsRemoveSandboxAccount,
    budgets: settingsBudgets,
    setBudget: settingsSetBudget,
  }),
  policy: policyRouter,
  secrets: router({ list: secretsList, save: secretsSave, remove: secretsRemove }),
  roles: router({ list: rolesList, save: rolesSave, add: rolesAdd }),
  tools: router({
    get: toolsGet,
    saveServer: toolsSaveServer,
    removeServer: toolsRemoveServer,
    tryServer: toolsTryServer,
    allow: toolsAllow,
    changeRole: toolsChangeRole,
  }),
  webhooks: router({
    get: webhooksGet,
    save: webhooksSave,
    remove: webhooksRemove,
    enable: webhooksEnable,
    changeSecret: webhooksChangeSecret,
    test: webhooksTest,
    resend: webhooksResend,
    discard: webhooksDiscard,
  }),
  budgets: router({
    alerts: budgetsAlerts,
    setLevels: budgetsSetLevels,
    addTeam: budgetsAddTeam,
    assignTeam: budgetsAssignTeam,
  }),
  installation: router({ get: installationGet, outbox: installationOutbox }),
});

export type AppRouter = typeof appRouter;
