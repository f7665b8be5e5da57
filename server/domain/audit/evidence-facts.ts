import { z } from 'zod';

const time = z.string();
const version = z.object({ id: z.string(), version: z.int(), hash: z.string() });

const check = z.object({
  id: z.string(),
  commit: z.string(),
  verdict: z.string(),
  at: time,
  /** Of the canonical bytes of `evidence`: what the log has of it (`check.finished`). */
  evidenceSha256: z.string(),
  evidence: z.unknown(),
});

const review = z.object({
  id: z.string(),
  commit: z.string(),
  verdict: z.string(),
  agent: z.string(),
  runId: z.string(),
  at: time,
  summary: z.string(),
  findings: z.int(),
});

const approval = z.object({
  id: z.string(),
  kind: z.string(),
  status: z.string(),
  /** SHA-256 of the subject that was decided on. */
  digest: z.string(),
  quorum: z.int(),
  requestedBy: z.string(),
  at: time,
  decidedAt: time.nullable(),
  selfApproved: z.boolean(),
  votes: z.array(
    z.object({
      by: z.string(),
      userId: z.string(),
      verdict: z.string(),
      reason: z.string(),
      via: z.string(),
      at: time,
    }),
  ),
});

const change = z.object({
  id: z.string(),
  number: z.int(),
  task: z.object({ id: z.string(), number: z.int(), title: z.string(), requestedBy: z.string() }),
  repo: z.string(),
  branch: z.string(),
  target: z.string(),
  base: z.string(),
  head: z.string().nullable(),
  merged: z.string().nullable(),
  status: z.string(),
  checks: z.array(check),
  reviews: z.array(review),
  approvals: z.array(approval),
});

/** A version of a policy or role that held for a run. */
const held = version.extend({
  savedAt: time,
  /** The event of the run (`policy.changed`) that names it; null: it began with it, or did nothing that it decided on. */
  toldSeq: z.int().nullable(),
});

const run = z.object({
  id: z.string(),
  task: z.int(),
  stage: z.string(),
  agent: z.string(),
  /** Bundles from before agents had revisions have none, and of runs from before null. */
  agentRevision: z.int().nullable().optional(),
  role: version.extend({ name: z.string() }),
  /** The org's, as it began. */
  policy: version,
  /** The org's and the repo's that it began with, and all that were saved while it ran. Bundles from before this field have none. */
  policies: z.array(held.extend({ layer: z.string() })).optional(),
  /** The version of its role that it began with, and all that its agent would have got while it ran. Bundles from before this field have none. */
  roles: z.array(held).optional(),
  model: z.string(),
  /** Models that took over later. Bundles from before this field, and `images`, have none. */
  laterModels: z.array(z.string()).optional(),
  /** What its sandboxes were made of; none: the host's own system, or an engine before this was recorded. */
  images: z.array(z.string()).optional(),
  /** Of what every model call of the run began with; null before it started. */
  prompt: z.object({ systemSha256: z.string(), firstMessageSha256: z.string(), tools: z.array(z.string()) }).nullable(),
  status: z.string(),
  reason: z.string().nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  millisUsed: z.int(),
  costMicros: z.int(),
  tokens: z.object({ input: z.int(), output: z.int(), cacheReads: z.int(), cacheWrites: z.int() }),
  turns: z.int(),
  toolCalls: z.int(),
});

/** The facts of an evidence bundle: what Fleet says of some work, for a person to read and a program to check. */
export const evidenceFacts = z.object({
  v: z.literal(1),
  org: z.object({ id: z.string(), slug: z.string(), name: z.string() }),
  about: z.object({ what: z.enum(['change', 'run', 'period']), words: z.string(), filter: z.string() }),
  at: time,
  by: z.string(),
  changes: z.array(change),
  runs: z.array(run),
  /**
   * What people decided besides: for a run whose change is not told of, or on a version of a policy or role that held (`about`).
   * Bundles from before this field have none.
   */
  otherApprovals: z.array(approval.extend({ runId: z.string().nullable(), about: z.string().nullable() })).optional(),
  policies: z.array(version.extend({ layer: z.string(), target: z.string(), body: z.unknown() })),
  /** Those of `roles` of the runs; bundles from before that field have none. */
  roles: z.array(version.extend({ roleId: z.string(), name: z.string(), body: z.unknown() })).optional(),
  costMicros: z.int(),
});
export type EvidenceFacts = z.infer<typeof evidenceFacts>;
export type ChangeFacts = z.infer<typeof change>;
export type RunFacts = z.infer<typeof run>;

/** The files of a bundle, in their order. */
export const bundleFiles = { page: 'index.html', facts: 'evidence.json', log: 'log.jsonl' } as const;
