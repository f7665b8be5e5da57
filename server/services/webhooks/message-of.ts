import type { OrgDb } from '../../db/connect.ts';
import { exportedLeaf, headOfSize, type ClaimedDelivery } from '../../db/webhooks.ts';
import { headNote } from '../../domain/audit/head-note.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import { headLane, testLane } from '../../domain/webhooks/webhook.ts';

type Of = { db: OrgDb; orgId: string; auditKeys: AuditKeys; now: Date };

const mostBytes = 1_000_000;

/**
 * What is sent: for an event its line of an exported log, for a head the line of one. It is read anew at every try, so that what was
 * erased meanwhile is sent as erased. Null where it is not there.
 */
export async function messageOf(of: Of, { lane, leaf, kind: type }: ClaimedDelivery): Promise<string | null> {
  const { orgId, now } = of;
  if (lane === testLane) return bodyOf({ type, timestamp: now.toISOString(), data: { type: 'test', org: orgId } });
  if (lane === headLane) return headMessageOf(of, { type, size: leaf });
  const line = await exportedLeaf(of.db, leaf);
  if (line === null) return null;
  const body = bodyOf({ type, timestamp: line.at, data: line });
  if (line.type === 'erased' || Buffer.byteLength(body) <= mostBytes) return body;
  const { stream, seq, kind, at, header, hash, payload } = line;
  const data = { type: 'too-long', leaf, stream, seq, kind, at, header, hash, bytes: Buffer.byteLength(payload) };
  return bodyOf({ type, timestamp: at, data });
}

async function headMessageOf({ db, orgId, auditKeys }: Of, { type, size }: { type: string; size: number }) {
  const head = await headOfSize(db, size);
  if (head === null) return null;
  const note = headNote(nodeHashing.sha256, orgId, { head, keys: await auditKeys.published() });
  return bodyOf({ type, timestamp: head.at.toISOString(), data: { type: 'head', note } });
}

const bodyOf = (message: { type: string; timestamp: string; data: object }) => JSON.stringify(message);
