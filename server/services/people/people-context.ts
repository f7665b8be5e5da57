import type { Database, OrgTx } from '../../db/connect.ts';
import type { OrgRole } from '../../domain/authz/scopes.ts';
import { AppError } from '../../domain/errors.ts';
import type { Actor } from '../../domain/events/actor.ts';

/** What every use case about people is handed. */
export type PeopleContext = { database: Database; orgId: string; actor: Actor; now: Date };

/** The person who acts, as a member of the org at this moment; read under the org's lock. */
export async function actingMember(
  tx: OrgTx,
  { orgId, actor }: Pick<PeopleContext, 'orgId' | 'actor'>,
): Promise<{ userId: string; role: OrgRole }> {
  if (actor.type !== 'user') throw new AppError('forbidden', 'Only a person can change who is in an org.');
  const { userId } = actor;
  const member = await tx.member.findUnique({ where: { orgId_userId: { orgId, userId } } });
  if (member === null) throw new AppError('not_found', 'There is no such org, or you are not a member of it.');
  return { userId, role: member.role };
}
