import type { OrgTx } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';

/** A domain of the org by its id. Throws `not_found`. */
export async function domainIn(tx: Pick<OrgTx, 'orgDomain'>, orgId: string, id: string) {
  const row = await tx.orgDomain.findUnique({ where: { orgId_id: { orgId, id } } });
  if (row === null) throw new AppError('not_found', 'There is no such domain in this org.');
  return row;
}
