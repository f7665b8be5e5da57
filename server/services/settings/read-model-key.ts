import type { OrgDb } from '../../db/connect.ts';
import type { SecretBox } from '../../domain/ports/secret-box.ts';
import { modelKeyContext, modelKeyName } from './model-key.ts';

/** The org's own model key in the clear, for the worker's composition root alone; null where the org has none. */
export async function readModelKey({
  db,
  orgId,
  secretBox,
}: {
  db: OrgDb;
  orgId: string;
  secretBox: SecretBox;
}): Promise<string | null> {
  const secret = await db.secret.findUnique({ where: { orgId_name: { orgId, name: modelKeyName } } });
  return secret === null ? null : secretBox.open(secret, modelKeyContext(orgId));
}
