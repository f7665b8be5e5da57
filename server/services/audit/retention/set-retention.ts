import { appendOrgEvents } from '../../../db/append-event.ts';
import type { Database } from '../../../db/connect.ts';
import type { RetentionKind } from '../../../domain/audit/retention.ts';
import { AppError } from '../../../domain/errors.ts';
import type { Actor } from '../../../domain/events/actor.ts';
import { lockOrgStream } from '../../tasks/lock-org-stream.ts';

export type RetentionDeps = { database: Database; orgId: string; actor: Actor; now: Date };

type Setting = { kind: RetentionKind; days: number | null };

/** For how many days payloads of a kind are kept; null: for ever. Throws AppError `invalid_input` below the operator's floor. */
export async function setRetention(
  { database, orgId, actor, now, floor }: RetentionDeps & { floor: number },
  { kind, days }: Setting,
): Promise<void> {
  if (kind === 'records' && days !== null && days < floor)
    throw new AppError('invalid_input', `The operator of this Fleet has records kept for ${floor} days at least.`);
  await database.transaction(orgId, async (tx) => {
    await lockOrgStream(tx, orgId);
    const where = { orgId_kind: { orgId, kind } };
    const before = (await tx.retentionRule.findUnique({ where }))?.days ?? null;
    if (before === days) return;
    if (days === null) await tx.retentionRule.deleteMany({ where: { orgId, kind } });
    else {
      const data = { days, updatedAt: now };
      await tx.retentionRule.upsert({ where, create: { orgId, kind, ...data }, update: data });
    }
    const payload = { kind, from: before, to: days };
    await appendOrgEvents(tx, { orgId, actor, at: now, events: [{ kind: 'retention.set', payload }] });
  });
}
