import { z } from 'zod';
import { grantAllows } from '../policy/grant.ts';
import { drift } from '../scope/drift.ts';
import { decidedBy, type DecidedBy } from './decided-by.ts';

/**
 * Of what a version is put before people: the policy of the org or of a repo, a role or an agent, which may be new, or what is
 * allowed of an MCP server.
 */
export const definitionTarget = z.discriminatedUnion('of', [
  z.object({ of: z.literal('policy'), layer: z.enum(['org', 'repo']), target: z.string(), name: z.string() }),
  z.object({ of: z.literal('role'), roleId: z.string(), name: z.string() }),
  z.object({
    of: z.literal('new-role'),
    name: z.string(),
    from: z.object({ kind: z.enum(['catalogue', 'role']), name: z.string() }),
    maxRuns: z.int(),
    secondsLimit: z.int(),
  }),
  z.object({ of: z.literal('agent'), agentId: z.string(), name: z.string() }),
  z.object({ of: z.literal('new-agent'), roleId: z.string(), role: z.string(), name: z.string() }),
  /** `before`: the hash of where the server is and of what was allowed of it, which has no number. */
  z.object({ of: z.literal('tools'), serverId: z.string(), name: z.string(), before: z.string() }),
]);
export type DefinitionTarget = z.infer<typeof definitionTarget>;

/** What exactly is being decided. Its RFC 8785 bytes are hashed into `Approval.digest`; any change voids the approval. */
export const approvalSubject = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('merge'),
    changeId: z.string(),
    repo: z.string(),
    target: z.string(),
    base: z.string(),
    head: z.string(),
    patchId: z.string(),
    policyVersionId: z.string(),
    files: z.int(),
    added: z.int(),
    removed: z.int(),
    summary: z.string(),
    /** The stage to which a denial may send the change back; absent where the rounds are used up. */
    reworkTo: z.string().optional(),
    decides: decidedBy.optional(),
    /** Questions of rules about the hand-off that are answered with the merge, each with its reason. */
    asked: z.array(z.object({ rule: z.string(), reason: z.string() })).optional(),
    /** Merges asked before there was any have none. */
    drift: drift.optional(),
  }),
  z.object({
    kind: z.literal('question'),
    runId: z.string(),
    callId: z.string(),
    question: z.string(),
    options: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('scope'),
    runId: z.string(),
    callId: z.string(),
    agent: z.string(),
    ...grantAllows.shape,
    why: z.string(),
    /** Whom the rules want to answer; requests older than this have none. */
    decides: decidedBy.optional(),
  }),
  z.object({
    kind: z.literal('blocker'),
    runId: z.string(),
    callId: z.string(),
    agent: z.string(),
    what: z.string(),
    needs: z.string(),
    tried: z.array(z.string()),
  }),
  z.object({
    kind: z.literal('escalation'),
    pipelineRunId: z.string(),
    reason: z.string(),
    detail: z.string(),
    /** What approving does: one more round of the named stage. Denying ends the pipeline run. */
    retryStage: z.string(),
  }),
  z.object({
    kind: z.literal('budget'),
    runId: z.string(),
    callId: z.string(),
    /** What approving adds to the run, and to its task where that does not cover it. */
    addMicros: z.int().nonnegative(),
    addSeconds: z.int().nonnegative(),
    why: z.string(),
    decides: decidedBy.optional(),
  }),
  z.object({
    kind: z.literal('definition'),
    what: definitionTarget,
    /** The version or revision in force that it was drafted on; 0 where there was none. */
    basedOn: z.int().nonnegative(),
    /** The whole document as it will be stored. */
    body: z.record(z.string(), z.json()),
    hash: z.string(),
    note: z.string(),
    /** The number of the version that it takes up again. */
    restored: z.int().nullable(),
    authorId: z.string(),
  }),
]);
export type ApprovalSubject = z.infer<typeof approvalSubject>;

export type DefinitionSubject = Extract<ApprovalSubject, { kind: 'definition' }>;

/** What a run put before people and waits for. */
export type RunRequest = Exclude<ApprovalSubject, { kind: 'merge' | 'escalation' | 'definition' }>;

/** Whom the rules want to answer, where the subject says. */
export const decidesOn = (subject: ApprovalSubject): DecidedBy | undefined =>
  'decides' in subject ? subject.decides : undefined;
