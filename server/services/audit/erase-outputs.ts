import type { OrgTx } from '../../db/connect.ts';
import { eraseBlobs, namedOutputs } from '../../db/erase.ts';
import type { Erasable } from '../../db/erase.ts';

const named = /"blobId":"([\w-]{1,64})"/g;

/** The whole outputs and images of erased calls go too, unless a call or a check that stays has the same. Returns how many went. */
export async function eraseOutputs(tx: OrgTx, orgId: string, erased: Erasable[]): Promise<number> {
  const ids = erased
    .filter(({ log, kind }) => log === 'run' && kind === 'tool.finished')
    .flatMap(({ payload }) => [...payload.toString('utf8').matchAll(named)].map(([, id = '']) => id));
  if (ids.length === 0) return 0;
  const staying = new Set(await namedOutputs(tx));
  const checks = await tx.checkResult.findMany({ where: { orgId, blobId: { in: ids } }, select: { blobId: true } });
  for (const { blobId } of checks) if (blobId !== null) staying.add(blobId);
  return eraseBlobs(
    tx,
    [...new Set(ids)].filter((id) => !staying.has(id)),
  );
}
