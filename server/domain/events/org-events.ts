import { z } from 'zod';
import { modelRef, ownModel } from '../models/model-settings.ts';
import { networkRequest } from '../network/network-request.ts';
import { grantAllows } from '../policy/grant.ts';
import { auditEvents } from './audit-events.ts';
import { peopleEvents } from './people-events.ts';
import { roleEvents } from './role-events.ts';

const commit = z.string();
const mcpServer = { serverId: z.string(), name: z.string() };

/** Payload of every event kind on an org's stream: what people and the platform did around the runs. */
export const orgEvents = {
  'org.created': z.object({ slug: z.string(), name: z.string() }),
  'org.renamed': z.object({ from: z.string(), to: z.string() }),
  /** An owner asked for the org to be deleted; on `dueAt` it goes, unless it is undone before. */
  'org.deletion-requested': z.object({ deletionId: z.string(), dueAt: z.string() }),
  'org.deletion-undone': z.object({ deletionId: z.string() }),
  /** The last word of its log: after it all of the org goes. */
  'org.deleted': z.object({ deletionId: z.string(), requestedBy: z.string(), requestedAt: z.string() }),
  ...peopleEvents,
  'repo.connected': z.object({
    repoId: z.string(),
    name: z.string(),
    source: z.string(),
    defaultBranch: z.string(),
    testCommand: z.string(),
  }),
  /** What is set up and run for a repo from now on. */
  'repo.configured': z.object({
    repoId: z.string(),
    name: z.string(),
    testCommand: z.string(),
    install: z.string(),
    build: z.string(),
    lint: z.string(),
    registries: z.array(z.string()),
    lockfiles: z.array(z.string()),
    tests: z.array(z.object({ paths: z.array(z.string()), command: z.string() })),
    services: z.array(z.string()),
  }),
  /** What a set-up asked the network for, written down before it leaves: a set-up has no run and so no log of its own. */
  'set-up.requested': networkRequest.extend({ repoId: z.string(), commit: z.string() }),
  /** What was seen when a commit was set up, built and tested before any agent. `failedAt` is null when all of it works. */
  'environment.checked': z.object({
    environmentCheckId: z.string(),
    repoId: z.string(),
    commit: z.string(),
    verdict: z.enum(['passed', 'failed']),
    failedAt: z.string().nullable(),
    detail: z.string(),
  }),
  'starters.hired': z.object({
    agents: z.array(z.string()),
    policyVersionId: z.string(),
    pipelineVersionId: z.string(),
  }),
  /** `layer` org or repo; `restored` is the number of the version that it takes up again. */
  'policy.saved': z.object({
    policyVersionId: z.string(),
    layer: z.string(),
    target: z.string(),
    version: z.int(),
    hash: z.string(),
    note: z.string(),
    restored: z.int().nullable(),
    /** Of one that another person approved: the approval, and who wrote it. */
    approvalId: z.string().optional(),
    authorId: z.string().optional(),
  }),
  'agent.retired': z.object({ agentId: z.string(), name: z.string(), openRuns: z.int() }),
  'agent.reinstated': z.object({ agentId: z.string(), name: z.string() }),
  'model-key.saved': z.object({ hint: z.string() }),
  'model-key.removed': z.object({}),
  /** A secret that sandboxes' proxies may send to `places` in `header`; never the secret itself. */
  'secret.saved': z.object({
    secretId: z.string(),
    name: z.string(),
    places: z.array(z.string()),
    header: z.string(),
    inSetUp: z.boolean(),
    inRuns: z.boolean(),
    /** Null: in every repo of the org. */
    repoId: z.string().nullable(),
    replaced: z.boolean(),
  }),
  'secret.removed': z.object({ secretId: z.string(), name: z.string() }),
  /** An MCP server; with another place what was allowed of it is allowed no more. `secrets` are names. */
  'mcp-server.saved': z.object({
    ...mcpServer,
    transport: z.string(),
    place: z.string(),
    secrets: z.array(z.string()),
    replaced: z.boolean(),
  }),
  'mcp-server.removed': z.object(mcpServer),
  'mcp-server.try-requested': z.object({ ...mcpServer, place: z.string(), repoId: z.string() }),
  'mcp-server.tried': z.object({ ...mcpServer, tools: z.int(), problem: z.string().nullable() }),
  /** All that is allowed of it from now on, each as it was described by `hash`. */
  'mcp-server.tools-allowed': z.object({
    ...mcpServer,
    tools: z.array(z.object({ name: z.string(), hash: z.string(), risk: z.string() })),
  }),
  /** A new version of a role with other tools or MCP servers. */
  ...roleEvents,
  'model-connection.saved': z.object({
    connectionId: z.string(),
    name: z.string(),
    protocol: z.string(),
    baseUrl: z.string(),
    /** The end of its key; null where it has none. */
    hint: z.string().nullable(),
  }),
  /** The org's sandboxes are made on an account of its own. `hint`: the end of its key. */
  'sandbox-account.saved': z.object({ baseUrl: z.string(), template: z.string(), hint: z.string() }),
  'sandbox-account.removed': z.object({ baseUrl: z.string() }),
  'model-connection.removed': z.object({ connectionId: z.string(), name: z.string() }),
  /** A model or a price that an org set; µ$ per million tokens. */
  'model.saved': ownModel,
  'model.removed': z.object({ connectionId: z.string(), model: z.string() }),
  /** Which model answers for a use: `default`, `fallback` or a role by name. Null: none of its own any more. */
  'model.chosen': z.object({ use: z.string(), ref: modelRef.nullable() }),
  'task.created': z.object({
    taskId: z.string(),
    number: z.int(),
    title: z.string(),
    repoId: z.string(),
    scope: z.array(z.string()),
    /** What all its runs together may use; tasks older than these fields have the default. */
    secondsLimit: z.int().optional(),
    costLimitMicros: z.int().optional(),
  }),
  'pipeline-run.started': z.object({ pipelineRunId: z.string(), taskId: z.string(), pipelineVersionId: z.string() }),
  'pipeline-run.ended': z.object({
    pipelineRunId: z.string(),
    status: z.string(),
    reason: z.string(),
    detail: z.string(),
  }),
  'stage.started': z.object({
    pipelineRunId: z.string(),
    stageAttemptId: z.string(),
    stage: z.string(),
    attempt: z.int(),
  }),
  'stage.ended': z.object({
    pipelineRunId: z.string(),
    stageAttemptId: z.string(),
    stage: z.string(),
    attempt: z.int(),
    status: z.string(),
    reason: z.string(),
  }),
  'change.opened': z.object({ changeId: z.string(), pipelineRunId: z.string(), branch: z.string(), base: commit }),
  'change.moved': z.object({
    changeId: z.string(),
    from: commit.nullable(),
    to: commit,
    files: z.int(),
    added: z.int(),
    removed: z.int(),
  }),
  'change.merged': z.object({
    changeId: z.string(),
    head: commit,
    target: z.string(),
    previous: commit,
    merged: commit,
  }),
  'change.merge-refused': z.object({ changeId: z.string(), reason: z.string(), detail: z.string() }),
  'check.finished': z.object({
    checkResultId: z.string(),
    changeId: z.string(),
    commit,
    verdict: z.string(),
    evidenceSha256: z.string(),
  }),
  'review.recorded': z.object({
    reviewId: z.string(),
    changeId: z.string(),
    commit,
    verdict: z.string(),
    findings: z.int(),
  }),
  'approval.requested': z.object({
    approvalId: z.string(),
    approvalKind: z.string(),
    digest: z.string(),
    /** Null for a version of a policy or role, which `about` names. */
    pipelineRunId: z.string().nullable(),
    about: z.string().optional(),
  }),
  'approval.decided': z.object({
    approvalId: z.string(),
    digest: z.string(),
    verdict: z.enum(['approved', 'denied']),
    reason: z.string(),
    via: z.string(),
    selfApproved: z.boolean(),
    /** Denied, and sent back to be reworked. */
    rework: z.boolean().optional(),
  }),
  'approval.closed': z.object({ approvalId: z.string(), status: z.enum(['expired', 'voided']), reason: z.string() }),
  'grant.given': z.object({
    grantId: z.string(),
    approvalId: z.string(),
    runId: z.string(),
    allows: grantAllows,
    until: z.string(),
  }),
  'run.stop-requested': z.object({ runId: z.string(), reason: z.string() }),
  /** A level of a budget was reached; amounts are used and limit of the unit that reached it. */
  'budget.warned': z.object({
    budgetId: z.string(),
    dimension: z.string(),
    subject: z.string(),
    period: z.string(),
    unit: z.enum(['micros', 'tokens', 'millis']),
    level: z.int(),
    used: z.int(),
    limit: z.int(),
  }),
  'budget.set': z.object({
    dimension: z.string(),
    subject: z.string(),
    period: z.string(),
    micros: z.int().nullable(),
    tokens: z.int().nullable(),
    seconds: z.int().nullable(),
    warnAt: z.array(z.int()),
  }),
  /** How many runs may be worked on at once: of the org, or of one agent. */
  'max-runs.set': z.object({ dimension: z.enum(['org', 'agent']), subject: z.string(), maxRuns: z.int() }),
  'budget-levels.set': z.object({ warnAt: z.array(z.int()) }),
  'team.renamed': z.object({ teamId: z.string(), from: z.string(), to: z.string() }),
  /** Its repos and agents belong to none from then on. */
  'team.removed': z.object({ teamId: z.string(), name: z.string() }),
  /** A member was put into the team, or taken out of it. */
  'team.member-set': z.object({ teamId: z.string(), userId: z.string(), isIn: z.boolean() }),
  'team.added': z.object({ teamId: z.string(), name: z.string() }),
  /** `teamId` null: it belongs to none any more. */
  'team.assigned': z.object({
    dimension: z.enum(['repo', 'agent']),
    subject: z.string(),
    teamId: z.string().nullable(),
  }),
  'budget.raised': z.object({ runId: z.string(), addMicros: z.int(), addSeconds: z.int() }),
  /** A run asked for a helper, which is a run of its own with a share of the budget. */
  'run.delegated': z.object({
    runId: z.string(),
    callId: z.string(),
    helperRunId: z.string(),
    stageAttemptId: z.string(),
    secondsLimit: z.int(),
    costLimitMicros: z.int(),
  }),
  'run.steered': z.object({ runId: z.string(), commandId: z.string(), text: z.string() }),
  /** A person had a run's work done again from one of its turns on, by another run. */
  'run.retried': z.object({ runId: z.string(), turn: z.int(), newRunId: z.string(), note: z.string() }),
  'run.pause-requested': z.object({ runId: z.string() }),
  'run.resume-requested': z.object({ runId: z.string() }),
  /** A filter of the log that people keep under a name; in place of what had that name. */
  'filter.saved': z.object({ savedFilterId: z.string(), name: z.string(), filter: z.string() }),
  'filter.removed': z.object({ savedFilterId: z.string(), name: z.string() }),
  ...auditEvents,
} as const;

export type OrgEventKind = keyof typeof orgEvents;
export type OrgEventPayload<K extends OrgEventKind> = z.infer<(typeof orgEvents)[K]>;
export type OrgEvent = { [K in OrgEventKind]: { kind: K; payload: OrgEventPayload<K> } }[OrgEventKind];
