import { proveGrowth as prove } from '../../db/read-tree.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { AppError } from '../../domain/errors.ts';
import type { GrowthProofView } from '../../domain/views/audit-views.ts';
import { getHead, type HeadQuery } from './read-head.ts';

/**
 * The proof that the tree of the last signed head begins with the tree of `size` leaves, for who kept a head of that size.
 * Throws AppError `conflict` when the log is shorter than that.
 */
export async function proveGrowth(query: HeadQuery, { size }: { size: number }): Promise<GrowthProofView> {
  const head = await getHead(query);
  if (size > head.size) {
    const message = `The log's signed head covers ${head.size} events, fewer than ${size}. If you hold a signed head of ${size}, the log was set back.`;
    throw new AppError('conflict', message);
  }
  const proof = await prove(query.db, { first: size, second: head.size });
  return { proof: proof.map(hex), head };
}
