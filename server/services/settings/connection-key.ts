import type { OrgDb } from '../../db/connect.ts';
import { anthropicId } from '../../domain/models/model-settings.ts';
import type { SecretBoxes } from '../../domain/ports/secret-box.ts';
import { modelKeyName } from './model-key.ts';

/** The name of a connection's key among the org's secrets. */
export function connectionKeyName(connectionId: string): string {
  return connectionId === anthropicId ? modelKeyName : `model-key:${connectionId}`;
}

/** What the sealed key is bound to: it opens in no other org and for no other connection. */
export function connectionKeyContext(orgId: string, connectionId: string): string {
  return `${orgId}:${connectionKeyName(connectionId)}`;
}

/** A connection's key in the clear, for whoever calls its provider; null where it has none. */
export async function readConnectionKey(
  { db, orgId, secretBoxes }: { db: OrgDb; orgId: string; secretBoxes: SecretBoxes },
  connectionId: string,
): Promise<string | null> {
  const secret = await db.secret.findUnique({
    where: { orgId_name: { orgId, name: connectionKeyName(connectionId) } },
  });
  if (secret === null) return null;
  return (await secretBoxes.of(orgId)).open(secret, connectionKeyContext(orgId, connectionId));
}
