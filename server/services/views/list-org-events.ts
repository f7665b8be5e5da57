import { readEvents } from '../../db/read-events.ts';
import { requesterOf, type Actor } from '../../domain/events/actor.ts';
import type { OrgEventView } from '../../domain/views/views.ts';
import { eventView } from './event-view.ts';
import { namesOf } from './people.ts';
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
  const nameOf = await namesOf(
    { system, db },
    rows.flatMap(({ actor }) => requesterOf(actor) ?? []),
  );
  return rows.map((row) => ({
    ...eventView(stream.id, row),
    person: nameOfActor(row.actor, nameOf),
  }));
}

function nameOfActor(actor: Actor, nameOf: (id: string) => string): string | null {
  const id = requesterOf(actor);
  return id === null ? null : nameOf(id);
}
