import type { OrgDb, OrgTx } from '../../db/connect.ts';
import type { ModelSupply } from '../../domain/models/choose-model.ts';
import { modelSettings, noModelSettings, type ModelSettings } from '../../domain/models/model-settings.ts';
import type { ModelOffer } from '../pipeline/work-context.ts';
import { modelKeyName } from './model-key.ts';

/** Which models an org uses, as its people have set it. */
export async function readModelSettings(db: OrgDb | OrgTx, orgId: string): Promise<ModelSettings> {
  const row = await db.modelSettings.findUnique({ where: { orgId } });
  return row === null ? noModelSettings : modelSettings.parse(row.body);
}

/** All that an org has to choose a model from. */
export async function readModelSupply(
  db: OrgDb | OrgTx,
  { orgId, offer }: { orgId: string; offer: ModelOffer },
): Promise<ModelSupply> {
  const settings = await readModelSettings(db, orgId);
  const own = await db.secret.count({ where: { orgId, name: modelKeyName } });
  const anthropicKey = own > 0 ? 'org' : offer.environmentKey ? 'environment' : null;
  return { settings, anthropicKey, listPrices: offer.listPrices };
}
