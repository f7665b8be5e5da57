import { findRunning } from '../../server/boot/claim-data-folder.ts';
import { openDatabase } from '../../server/db/connect.ts';
import type { Handover } from '../setup/handover.ts';

/** Test messages of an org's webhooks are given up, as they are after a day of tries. */
export async function giveUpTests({ dataDir }: Handover, slug: string): Promise<void> {
  const { appUrl } = findRunning(dataDir) ?? {};
  if (!appUrl) throw new Error('the installation of this test run has no database that it says of');
  const database = openDatabase({ appUrl, max: 1 });
  try {
    const orgId = await database.orgBySlug(slug);
    if (orgId === null) throw new Error(`there is no org ${slug}`);
    const gone = { state: 'dead' as const, tries: 12, endedAt: new Date(), problem: 'It answered 503' };
    await database
      .org(orgId)
      .webhookDelivery.updateMany({ where: { orgId, kind: 'webhook.test', state: 'pending' }, data: gone });
  } finally {
    await database.close();
  }
}
