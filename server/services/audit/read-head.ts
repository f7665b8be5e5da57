import type { OrgDb } from '../../db/connect.ts';
import { readTreeHead } from '../../db/seal-tree.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { verifierKey } from '../../domain/audit/checkpoint.ts';
import { headNote } from '../../domain/audit/head-note.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { AppError } from '../../domain/errors.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { HeadView } from '../../domain/views/audit-views.ts';

const { sha256 } = nodeHashing;

export type HeadQuery = { db: OrgDb; orgId: string; auditKeys: AuditKeys };

/** The last signed head of the org's log; null before the first. */
export async function readHead({ db, orgId, auditKeys }: HeadQuery): Promise<HeadView | null> {
  const head = await readTreeHead(db);
  if (head === null) return null;
  const keys = await auditKeys.published();
  const { size, root, at } = head;
  return {
    size,
    root: hex(root),
    at: at.toISOString(),
    note: headNote(sha256, orgId, { head, keys }),
    keys: keys.map((key) => verifierKey(sha256, key)),
  };
}

/** The same where there must be one. */
export async function getHead(query: HeadQuery): Promise<HeadView> {
  const head = await readHead(query);
  if (head === null) throw notSealed();
  return head;
}

export function notSealed(): AppError {
  return new AppError('conflict', 'No signed head covers this yet. One is signed every minute: try again then.');
}
