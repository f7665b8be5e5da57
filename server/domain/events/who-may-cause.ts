import { AppError } from '../errors.ts';
import type { Actor } from './actor.ts';
import type { OrgEventKind } from './org-events.ts';

/**
 * All that an agent's run can have its org's log say: it asks, it handed in, it reviewed. Everything that changes something of an
 * org is told in the transaction that changes it, so what a run cannot have said it cannot do, by whatever way it came there.
 */
export const saidByRuns: readonly OrgEventKind[] = ['approval.requested', 'change.moved', 'review.recorded'];

/** What persons alone decide: not an agent, not the platform for one, and not a program with a key. */
export const decidedByPeople: readonly OrgEventKind[] = [
  ...(['approval.decided', 'policy.saved', 'starters.hired', 'agent.retired', 'agent.reinstated'] as const),
  ...(['role.saved', 'role.added', 'role.tools-changed', 'agent.hired', 'agent.revised'] as const),
  ...(['proposal.accepted', 'proposal.dismissed', 'policy.smoke-asked'] as const),
  ...(['member.joined', 'member.invited', 'member.role-changed', 'member.removed', 'invitation.revoked'] as const),
  ...(['service-account.added', 'service-account.retired', 'api-key.made', 'api-key.revoked'] as const),
  ...(['team.added', 'team.renamed', 'team.removed', 'team.member-set', 'team.assigned'] as const),
  ...(['sso.saved', 'sso.removed', 'sso.required', 'sso.bypassed', 'identity.set', 'session.ended'] as const),
  ...(['domain.added', 'domain.proven', 'domain.removed', 'domain.join-set'] as const),
  ...(['secret.saved', 'secret.removed', 'model-key.saved', 'model-key.removed'] as const),
  ...(['model-connection.saved', 'model-connection.removed', 'model.saved', 'model.removed', 'model.chosen'] as const),
  ...([
    'sandbox-account.saved',
    'sandbox-account.removed',
    'repo.connected',
    'repo.configured',
    'repo.classes-confirmed',
  ] as const),
  ...(['mcp-server.saved', 'mcp-server.removed', 'mcp-server.try-requested', 'mcp-server.tools-allowed'] as const),
  ...(['budget.set', 'max-runs.set', 'budget-levels.set'] as const),
  ...(['retention.set', 'hold.placed', 'hold.lifted', 'audit.erased'] as const),
  ...(['webhook.saved', 'webhook.removed', 'webhook.secret-changed', 'webhook.tested', 'webhook.enabled'] as const),
  ...(['webhook.resent', 'webhook.discarded'] as const),
  ...(['org.renamed', 'org.deletion-requested', 'org.deletion-undone'] as const),
];

export function mayCause({ type }: Pick<Actor, 'type'>, kind: OrgEventKind): boolean {
  if (type === 'agent-run') return saidByRuns.includes(kind);
  return type === 'user' || !decidedByPeople.includes(kind);
}

/** Throws AppError `forbidden`: nothing of the transaction stays. */
export function assertMayCause(actor: Pick<Actor, 'type'>, kind: OrgEventKind): void {
  if (mayCause(actor, kind)) return;
  throw new AppError('forbidden', `Only a person can do this (${kind}).`);
}
