import type { OrgTx } from '../../db/connect.ts';
import { agentSettings } from '../../domain/agents/agent-settings.ts';
import { approvalSubject, type DefinitionSubject, type DefinitionTarget } from '../../domain/approval/subject.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { reopenProposals } from '../proposals/reopen-proposals.ts';

/** What two drafts are in each other's way by. */
function keyOf(what: DefinitionTarget): string {
  if (what.of === 'policy') return `${what.layer} ${what.target}`;
  if (what.of === 'role') return what.roleId;
  if (what.of === 'agent') return what.agentId;
  if (what.of === 'tools') return what.serverId;
  return `${what.of} ${what.name}`;
}

type Kept = { of: 'kept'; roleId: string; agentIds: string[] };

function isOf({ what: one, body }: DefinitionSubject, what: Voiding['what']): boolean {
  if (what === 'repos') return one.of === 'policy' && one.layer === 'repo';
  if (what.of !== 'kept') return keyOf(one) === keyOf(what);
  if (one.of !== 'agent' && one.of !== 'new-agent') return false;
  const ofRole = one.of === 'agent' ? what.agentIds.includes(one.agentId) : one.roleId === what.roleId;
  if (!ofRole) return false;
  // One that cannot be read could not come into force either.
  const settings = agentSettings.safeParse(body);
  return !settings.success || settings.data.roleVersion !== null;
}

type Voiding = {
  orgId: string;
  now: Date;
  /** `repos`: the policies of all repos; `kept`: agents of a role that would be kept at a version of it. */
  what: DefinitionTarget | 'repos' | Kept;
  reason: string;
  /** Only drafts of this person. */
  authorId?: string;
  /** The approval that is being decided. */
  except?: string | undefined;
};

/** Closes drafts of one thing that wait for approval and can come into force no more; returns what is to be told. */
export async function voidDefinitions(tx: OrgTx, voiding: Voiding): Promise<OrgEvent[]> {
  const { orgId, now, what, reason, authorId, except } = voiding;
  const open = await tx.approval.findMany({ where: { orgId, kind: 'definition', status: 'pending' } });
  const meant = open.filter(({ id, subject: stored }) => {
    const subject = approvalSubject.parse(stored);
    if (id === except || subject.kind !== 'definition') return false;
    return isOf(subject, what) && (authorId === undefined || subject.authorId === authorId);
  });
  const ids = meant.map(({ id }) => id);
  await tx.approval.updateMany({
    where: { orgId, id: { in: ids }, status: 'pending' },
    data: { status: 'voided', decidedAt: now },
  });
  const reopened = await reopenProposals(tx, { orgId, approvalIds: ids });
  const closed = ids.map((approvalId): OrgEvent => ({
    kind: 'approval.closed',
    payload: { approvalId, status: 'voided', reason },
  }));
  return [...closed, ...reopened];
}
