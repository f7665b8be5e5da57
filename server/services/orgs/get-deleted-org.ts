import type { SystemDb } from '../../db/connect.ts';
import { headNote } from '../../domain/audit/head-note.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { AppError } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';

/** What is left of a deleted org, open to who knows its id: when it went, and the signed head where its log ended. */
export type DeletedOrgView = { org: string; requestedAt: string; deletedAt: string; events: number; head: string };

/** Throws `not_found` for an org that is there, and for one that never was. */
export async function getDeletedOrg(
  { system, auditKeys }: { system: SystemDb; auditKeys: AuditKeys },
  { org }: { org: string },
): Promise<DeletedOrgView> {
  const row = isId('org', org) ? await system.deletedOrg.findUnique({ where: { orgId: org } }) : null;
  if (row === null) throw new AppError('not_found', 'No org of this id was deleted here.');
  const { size, keyId, root, signature, headAt: at, requestedAt, begunAt } = row;
  const head = { size, keyId, at, root: new Uint8Array(root), signature: new Uint8Array(signature) };
  return {
    org,
    requestedAt: requestedAt.toISOString(),
    deletedAt: begunAt.toISOString(),
    events: size,
    head: headNote(nodeHashing.sha256, org, { head, keys: await auditKeys.published() }),
  };
}
