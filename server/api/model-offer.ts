import { readListPrices } from '../db/list-prices.ts';
import type { ModelOffer } from '../services/pipeline/work-context.ts';
import type { Web } from './web.ts';

/** What this installation gives every org to run on. */
export async function modelOffer({ web }: { web: Web }): Promise<ModelOffer> {
  return { environmentKey: web.settings.environmentModelKey, listPrices: await readListPrices(web.database) };
}
