import { z } from 'zod';
import { networkPolicy } from '../network/network-policy.ts';

export const toolNames = [
  'shell',
  'job_start',
  'job_read',
  'job_stop',
  'browser_open',
  'browser_read',
  'browser_click',
  'browser_type',
  'browser_screenshot',
  'fetch_url',
  'view',
  'create',
  'replace',
  'insert',
  'search',
  'read_output',
  'find',
  'plan',
  'claim_paths',
  'handoff',
  'decide',
  'ask_person',
  'request_scope',
  'request_budget',
  'report_blocker',
  'delegate',
  'report',
] as const;
export type ToolName = (typeof toolNames)[number];

/** What reads, and what its sandbox confines: for whoever changes nothing. None asks people, none delegates. */
export const readingTools: readonly ToolName[] = [
  'shell',
  'job_start',
  'job_read',
  'job_stop',
  'browser_open',
  'browser_read',
  'browser_click',
  'browser_type',
  'browser_screenshot',
  'fetch_url',
  'view',
  'search',
  'find',
  'read_output',
];

/** A role version as stored: what an agent is for, what it may touch and what it may spend. */
export const roleBody = z.object({
  title: z.string(),
  purpose: z.string(),
  rules: z.array(z.string()),
  write: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }),
  tools: z.array(z.enum(toolNames)),
  /** MCP servers of the org that it may use, by name. */
  servers: z.array(z.string()).default([]),
  tier: z.enum(['strong', 'standard', 'small']),
  secondsLimit: z.int().positive(),
  costLimitMicros: z.int().positive(),
  /** What its sandbox may reach. Nothing named, nothing reached. */
  network: networkPolicy.default({ registries: [], rules: [] }),
  /**
   * How many percent of its money or time a run may use without a change to the files or a new result before it is told
   * that it is stuck. Large tasks are read for long before the first edit; a role that only makes small ones may set less.
   */
  idlePercent: z.int().min(5).max(100).default(40),
  /** `build` hands off a commit; `review` decides on one; `explore` answers the run that asked for it. */
  contract: z.enum(['build', 'review', 'explore']),
});
export type RoleBody = z.infer<typeof roleBody>;

/** The developer's hand-off, as the tool takes it. The server adds commit and changed paths. */
export const buildHandoff = z.object({
  summary: z.string().min(1).max(600),
  decisions: z.array(z.object({ what: z.string(), why: z.string() })).default([]),
  claims: z.array(z.object({ statement: z.string(), evidence: z.string() })).default([]),
  notDone: z.array(z.string()).default([]),
  answers: z.array(z.object({ finding: z.string(), how: z.string() })).default([]),
});
export type BuildHandoff = z.infer<typeof buildHandoff>;

export const finding = z.object({
  path: z.string(),
  line: z.int().positive(),
  severity: z.enum(['must', 'should', 'note']),
  statement: z.string(),
  evidence: z.string(),
  suggestion: z.string().default(''),
});
export type Finding = z.infer<typeof finding>;

/** The reviewer's decision on one commit, as the `decide` tool takes it. */
export const reviewDecision = z.object({
  decision: z.enum(['approve', 'changes_requested']),
  summary: z.string().min(1).max(600),
  findings: z.array(finding).max(10).default([]),
  notReviewed: z.array(z.string()).default([]),
});
export type ReviewDecision = z.infer<typeof reviewDecision>;
