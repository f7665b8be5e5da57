import { appendOrgEvents } from '../../db/append-event.ts';
import type { Database } from '../../db/connect.ts';
import { verifyStreams } from '../../db/verify-streams.ts';
import type { Actor } from '../../domain/events/actor.ts';
import type { AuditKeys } from '../../domain/ports/audit-keys.ts';
import type { Clock } from '../../domain/ports/clock.ts';
import type { VerifyView } from '../../domain/views/views.ts';

type Deps = { database: Database; orgId: string; actor: Actor; clock: Clock; auditKeys: AuditKeys };

/** Recomputes every chain of the org from its stored bytes, then records that it was done and what came out. */
export async function verifyAudit({ database, orgId, actor, clock, auditKeys }: Deps): Promise<VerifyView> {
  const began = clock.now().getTime();
  const keys = await auditKeys.published();
  const { ok, streams, events, erased, head, firstBad } = await verifyStreams(database.org(orgId), { orgId, keys });
  const at = clock.now();
  await database.transaction(orgId, async (tx) => {
    const payload = { streams, events, ok };
    await appendOrgEvents(tx, { orgId, actor, at, events: [{ kind: 'audit.verified', payload }] });
  });
  const bad = firstBad && { streamId: firstBad.streamId, seq: firstBad.seq, problem: firstBad.problem };
  return { ok, streams, events, erased, head, firstBad: bad, millis: at.getTime() - began };
}
