import type { OrgDb } from '../../db/connect.ts';
import { baseUrlOf } from '../../domain/engines/sandbox-account.ts';
import type { Placing } from '../../domain/ports/placing.ts';
import type { SandboxPlaceView } from '../../domain/views/sandbox-views.ts';

/** Where an org's sandboxes are made from now on. */
export async function getSandboxPlace(asked: {
  db: OrgDb;
  orgId: string;
  placing: Placing;
}): Promise<SandboxPlaceView> {
  const { db, orgId, placing } = asked;
  const row = await db.sandboxAccount.findUnique({ where: { orgId } });
  const { byName: placedByName } = await placing(orgId);
  if (row === null) return { placedByName, account: null };
  const { domain, template, hint, updatedAt } = row;
  return {
    placedByName,
    account: { baseUrl: baseUrlOf(domain), template, hint, updatedAt: updatedAt.toISOString() },
  };
}
