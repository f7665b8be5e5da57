import { z } from 'zod';
import { findEvent, logStanding, searchLog as search } from '../../db/search-log.ts';
import type { FoundEvent, LogPlace } from '../../db/search-log.ts';
import { hex } from '../../domain/audit/bytes.ts';
import { readTombstone } from '../../domain/audit/tombstone.ts';
import { fromCanonicalBytes } from '../../domain/audit/canonical.ts';
import { parseHeader } from '../../domain/audit/chained-event.ts';
import { AppError } from '../../domain/errors.ts';
import { requesterOf } from '../../domain/events/actor.ts';
import type { Actor } from '../../domain/events/actor.ts';
import { erasedPayload } from '../../domain/events/erased-payload.ts';
import { orgEvents } from '../../domain/events/org-events.ts';
import type { LogEventView, LogPageView, LogStandingView } from '../../domain/views/audit-views.ts';
import { namesOf } from '../views/people.ts';
import type { ViewQuery } from '../views/view-query.ts';
import { resolveFilter } from './resolve-filter.ts';

/** What a line of a list needs of a payload, and what is shown of one alone. */
const listedBytes = 4_000;
const shownBytes = 200_000;

const cursor = z.tuple([
  z.iso.datetime({ precision: 3 }),
  z.string().regex(/^[\w-]{1,64}$/),
  z.int().positive().max(2_147_483_647),
]);

/** The events that pass a filter, newest first, from where `after` says an earlier page ended. */
export async function searchLog(
  query: ViewQuery,
  { filter, after, limit }: { filter: string; after: string | null; limit: number },
): Promise<LogPageView> {
  const { db } = query;
  const resolved = await resolveFilter(query, filter);
  const before = after === null ? null : placeOf(after);
  const { found, next } = await search(db, { query: resolved, before, limit, payloadUpTo: listedBytes });
  return {
    events: await viewsOf(query, found),
    next: next && JSON.stringify([next.at.toISOString(), next.stream, next.seq]),
    reached: next && next.at.toISOString(),
  };
}

/** One event with its payload. Throws AppError `not_found`. */
export async function getLogEvent(
  query: ViewQuery,
  { streamId, seq }: { streamId: string; seq: number },
): Promise<LogEventView> {
  const found = await findEvent(query.db, { stream: streamId, seq, payloadUpTo: shownBytes });
  const [view] = found === null ? [] : await viewsOf(query, [found]);
  if (!view) throw new AppError('not_found', 'There is no such event.');
  return view;
}

/** How long the log is, and when it was verified last. */
export async function readStanding({ db }: ViewQuery): Promise<LogStandingView> {
  const { events, verified } = await logStanding(db);
  if (verified === null) return { events, verified: null };
  const { ok } = orgEvents['audit.verified'].parse(fromCanonicalBytes(verified.payload));
  return { events, verified: { at: verified.at.toISOString(), ok } };
}

function placeOf(after: string): LogPlace {
  try {
    const [at, stream, seq] = cursor.parse(JSON.parse(after));
    return { at: new Date(at), stream, seq };
  } catch {
    throw new AppError('invalid_input', 'This is no place in the log. Search anew.');
  }
}

async function viewsOf({ system, db }: ViewQuery, found: FoundEvent[]): Promise<LogEventView[]> {
  const actors = found.map(({ header }) => parseHeader(header)?.actor ?? null);
  const stones = found.map(({ tombstone }) => (tombstone === null ? null : readTombstone(tombstone)));
  const nameOf = await namesOf(
    { system, db },
    [...actors, ...stones.map((stone) => stone && stone.actor)].flatMap((actor) => (actor && requesterOf(actor)) ?? []),
  );
  return found.map(({ stream, seq, at, log, subject, kind, hash, bytes, payload }, n) => {
    const stone = stones[n] ?? null;
    const actor = actors[n] ?? null;
    const requester = actor && requesterOf(actor);
    return {
      ...{ streamId: stream, seq, kind, at: at.toISOString(), log, subject, hash: hex(hash), bytes, actor },
      person: requester === null ? null : nameOf(requester),
      payload: stone ? erasedPayload(stone) : payload === null ? null : readable(payload),
      erased: stone && { by: whoErased(stone.actor, nameOf), at: stone.at, reason: stone.reason },
    };
  });
}

function whoErased(actor: Actor, nameOf: (id: string) => string): string {
  const requester = requesterOf(actor);
  return requester === null ? 'Fleet' : nameOf(requester);
}

/** What somebody made unreadable is shown as the text that it is. */
function readable(payload: Buffer): unknown {
  try {
    return fromCanonicalBytes(payload);
  } catch {
    return payload.toString('utf8');
  }
}
