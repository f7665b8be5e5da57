import type { OrgEventKind } from './org-events.ts';

/** Events that merges, exports and erasures are proved by: without their payloads, others could not be checked any more. */
export const proofKinds = [
  'change.opened',
  'change.merged',
  'check.finished',
  'approval.requested',
  'approval.decided',
  'evidence.made',
  'audit.exported',
  'audit.verified',
  'audit.erased',
  'retention.set',
  'retention.swept',
  'hold.placed',
  'hold.lifted',
  'webhook.queued',
  'policy.saved',
  'role.saved',
  'role.added',
  'role.tools-changed',
] as const satisfies OrgEventKind[];
const kept = new Set<string>(proofKinds);

export const mayBeErased = (log: 'org' | 'run', kind: string) => log === 'run' || !kept.has(kind);
