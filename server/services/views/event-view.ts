import type { EventRow } from '../../db/read-events.ts';
import type { EventView } from '../../domain/views/views.ts';

/** An event as pages get it. */
export function eventView(streamId: string, { seq, kind, at, actor, payload, hash, erased }: EventRow): EventView {
  return { streamId, seq, kind, at: at.toISOString(), actor, payload, hash, erased };
}
