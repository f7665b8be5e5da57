import { readEvents, readEventsOfKinds } from '../../db/read-events.ts';
import { turnStart } from '../../db/read-window.ts';
import type { RunDigestView, RunPageView } from '../../domain/views/timeline-views.ts';
import { eventView } from './event-view.ts';
import { getRunHead } from './get-run-stream.ts';
import type { ViewQuery } from './view-query.ts';

/** One of: the page that has an event, the one that ends before an event, the one that begins after it. */
export type WhichPage = { at: number } | { before: number } | { after: number };

const pageLength = 200;
/** Of a page that has an event, at least so many are before it: what was gone to stands at the top of what is seen. */
const before = Math.floor(pageLength / 3);
/** A turn with more events than this is shown from its middle. */
const longestTurn = 400;

/** Events of a run that follow each other, from the beginning of a turn on. Throws AppError `not_found`. */
export async function getRunPage(
  { db, orgId }: ViewQuery,
  { runId, which }: { runId: string; which: WhichPage },
): Promise<RunPageView> {
  const { streamId, headSeq } = await getRunHead({ db, orgId }, { runId });
  const { afterSeq, limit } =
    'after' in which ? { afterSeq: which.after, limit: pageLength } : await around(db, { runId, which, headSeq });
  const rows = await readEvents(db, { orgId, streamId, afterSeq, limit });
  return { events: rows.map((row) => eventView(streamId, row)), headSeq: Math.max(headSeq, rows.at(-1)?.seq ?? 0) };
}

type Around = { runId: string; which: { at: number } | { before: number }; headSeq: number };

async function around(db: ViewQuery['db'], { runId, which, headSeq }: Around) {
  const end = Math.min(headSeq, 'before' in which ? which.before - 1 : which.at) + 1;
  const wanted = Math.max(1, 'before' in which ? end - pageLength : end - before);
  const start = Math.max(await turnStart(db, { runId, seq: wanted }), wanted - longestTurn, 1);
  return { afterSeq: start - 1, limit: 'before' in which ? end - start : Math.max(pageLength, end - start) };
}

const mostOfAll = 5_000;

/** What a run's page says of it as a whole, read without the rest of its log. Throws AppError `not_found`. */
export async function getRunDigest({ db, orgId }: ViewQuery, { runId }: { runId: string }): Promise<RunDigestView> {
  const { streamId, headSeq } = await getRunHead({ db, orgId }, { runId });
  const kinds = ['run.started', 'commit.recorded', 'job.started', 'job.ended', 'run.ended'];
  const rows = await readEventsOfKinds(db, { runId, kinds, lastOf: ['plan.updated'], limit: mostOfAll });
  return { events: rows.filter(({ seq }) => seq <= headSeq).map((row) => eventView(streamId, row)), headSeq };
}
