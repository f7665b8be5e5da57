import { readEvents } from '../../db/read-events.ts';
import type { OrgEventView } from '../../domain/views/views.ts';
import { eventView } from './event-view.ts';
import { emailsOf } from './people.ts';
import type { ViewQuery } from './view-query.ts';

/** Events of the org's own stream in order: those after `afterSeq`, or without it the latest `limit`. */
export async function listOrgEvents(
  { db, orgId, system }: ViewQuery,
  { afterSeq, limit }: { afterSeq?: number | undefined; limit: number },
): Promise<OrgEventView[]> {
  const stream = await db.stream.findUnique({
    where: { orgId_kind_subject: { orgId, kind: 'org', subject: orgId } },
    select: { id: true, headSeq: true },
  });
  if (stream === null) return [];
  const after = afterSeq ?? Math.max(0, stream.headSeq - limit);
  const rows = await readEvents(db, { orgId, streamId: stream.id, afterSeq: after, limit });
  const emailOf = await emailsOf(
    system,
    rows.flatMap(({ actor }) => (actor.type === 'user' ? [actor.userId] : [])),
  );
  return rows.map((row) => ({
    ...eventView(stream.id, row),
    person: row.actor.type === 'user' ? emailOf(row.actor.userId) : null,
  }));
}
