import { leafOf, proveLeaf } from '../../db/read-tree.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { AppError } from '../../domain/errors.ts';
import type { EventProofView } from '../../domain/views/audit-views.ts';
import { getHead, notSealed, type HeadQuery } from './read-head.ts';

/**
 * The proof that an event is in the tree of the last signed head. Throws AppError `not_found` for an event that is not
 * there and `conflict` while no head covers it.
 */
export async function proveEvent(
  query: HeadQuery,
  { streamId, seq }: { streamId: string; seq: number },
): Promise<EventProofView> {
  const { db, orgId } = query;
  const event = await db.event.findUnique({ where: { orgId_streamId_seq: { orgId, streamId, seq } } });
  if (event === null) throw new AppError('not_found', 'There is no such event.');
  const leaf = await leafOf(db, { streamId, seq });
  if (leaf === null) throw notSealed();
  const head = await getHead(query);
  const proof = await proveLeaf(db, { leaf, size: head.size });
  return { leaf, hash: hex(event.hash), proof: proof.map(hex), head };
}
