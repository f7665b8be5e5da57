import type { OrgDb } from '../../db/connect.ts';
import type { ModelStatusView } from '../../domain/views/views.ts';
import { modelKeyName } from './model-key.ts';
import { modelStatus } from './model-status.ts';
import { readModelSettings } from './read-model-supply.ts';

/** Which model answers for the org now. Reads the key's hint, never the key. */
export async function getModelStatus({
  db,
  orgId,
  environmentModelKey,
}: {
  db: OrgDb;
  orgId: string;
  environmentModelKey: boolean;
}): Promise<ModelStatusView> {
  const secret = await db.secret.findUnique({
    where: { orgId_name: { orgId, name: modelKeyName } },
    select: { hint: true },
  });
  const { connections, default: standard } = await readModelSettings(db, orgId);
  const connection = connections.find(({ id }) => id === standard?.connectionId) ?? null;
  const connected = connection && standard ? { model: standard.model, name: connection.name } : null;
  return modelStatus({ keyHint: secret?.hint ?? null, environmentModelKey, connected });
}
