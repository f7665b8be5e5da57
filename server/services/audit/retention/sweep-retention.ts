import { appendOrgEvents } from '../../../db/append-event.ts';
import type { Database, OrgTx } from '../../../db/connect.ts';
import { eraseEvent } from '../../../db/erase.ts';
import type { Erasable } from '../../../db/erase.ts';
import { dueEvents } from '../../../db/retention.ts';
import { goesBefore, isRetentionKind } from '../../../domain/audit/retention.ts';
import type { RetentionKind } from '../../../domain/audit/retention.ts';
import type { AuditKeys, AuditSigner } from '../../../domain/ports/audit-keys.ts';
import { lockOrgStream } from '../../tasks/lock-org-stream.ts';
import { eraseOutputs, sharedOutputs, type SharedOutputs } from '../erase-outputs.ts';
import { signedTombstone } from '../erase-event.ts';

type Sweeping = {
  database: Database;
  auditKeys: AuditKeys;
  now: Date;
  /** For how many days records stay at least. */
  floor: number;
  report(error: unknown, where: string): void;
};

/** Events that one transaction erases, and transactions of one kind in one sweep: the next goes on from there. */
const batch = 250;
const mostBatches = 20;

/** Erases in every org what it keeps for a time only and whose time is over. An org that cannot be swept keeps no other waiting. */
export async function sweepRetention(sweeping: Sweeping): Promise<{ erased: number }> {
  const { database, auditKeys, report } = sweeping;
  let erased = 0;
  const orgs = await database.orgsWithRetention();
  if (orgs.length === 0) return { erased };
  const signer = await auditKeys.signer();
  for (const orgId of orgs) {
    try {
      erased += await sweepOrg(sweeping, { orgId, signer });
    } catch (error) {
      report(error, `erasing what ${orgId} keeps no longer`);
    }
  }
  return { erased };
}

type Org = { orgId: string; signer: AuditSigner };

async function sweepOrg({ database, now, floor }: Sweeping, org: Org): Promise<number> {
  const { orgId } = org;
  let erased = 0;
  for (const { kind, days } of await database.org(orgId).retentionRule.findMany({ where: { orgId } })) {
    if (!isRetentionKind(kind)) continue;
    const due = { kind, days, before: goesBefore(kind, { days, floor, now }), now };
    for (let n = 0; n < mostBatches; n++) {
      const gone = await eraseBatch(database, org, due);
      erased += gone;
      if (gone < batch) break;
    }
  }
  return erased;
}

type Batch = { kind: RetentionKind; days: number; before: Date; now: Date };

/** What shares outputs with the oldest is looked for first; then one commit: payloads blanked, their tombstones, and the event that says so. */
async function eraseBatch(database: Database, org: Org, due: Batch): Promise<number> {
  const db = database.org(org.orgId);
  const { kind, before } = due;
  const oldest = await dueEvents(db, { kind, before, limit: batch });
  if (oldest.length === 0) return 0;
  const looked = await sharedOutputs(db, { of: oldest, at: await database.time() });
  return database.transaction(org.orgId, (tx) => eraseLooked(tx, org, { ...due, looked }));
}

type Looked = Batch & { looked: SharedOutputs };

async function eraseLooked(tx: OrgTx, { orgId, signer }: Org, { kind, days, before, now, looked }: Looked) {
  await lockOrgStream(tx, orgId);
  const stands = await tx.retentionRule.count({ where: { orgId, kind, days } });
  const held = await tx.legalHold.count({ where: { orgId, runId: null } });
  if (stands === 0 || held > 0) return 0;
  const known = new Set(looked.of.map(({ stream, seq }) => `${stream}/${seq}`));
  // Anew: a hold may have come between.
  const due = (await dueEvents(tx, { kind, before, limit: batch })).filter((e) => known.has(`${e.stream}/${e.seq}`));
  if (due.length === 0) return 0;
  const actor = { type: 'system' as const, reason: 'retention' };
  const by = { actor, at: now, why: 'retention' as const, reason: `kept for ${days} days` };
  const gone: Erasable[] = [];
  for (const event of due) {
    const { note: tombstone } = signedTombstone({ orgId, signer }, event, by);
    const { stream, seq } = event;
    if (await eraseEvent(tx, { stream, seq, tombstone, at: now })) gone.push(event);
  }
  const outputs = await eraseOutputs(tx, { orgId, erased: gone, looked });
  const payload = { kind, days, before: before.toISOString(), events: gone.length, outputs };
  await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'retention.swept', payload }] });
  return gone.length;
}
