import { searchStream } from '../../db/search-stream.ts';
import { fromCanonicalBytes } from '../../domain/audit/canonical.ts';
import { AppError } from '../../domain/errors.ts';
import type { RunHitView, RunSearchView } from '../../domain/views/views.ts';
import type { ViewQuery } from './view-query.ts';

const mostHits = 50;
const around = 60;

/** Where a text, in any case, stands in the log of a run, in order. Throws AppError `not_found`. */
export async function searchRun(
  { db, orgId }: ViewQuery,
  { runId, text, afterSeq }: { runId: string; text: string; afterSeq: number },
): Promise<RunSearchView> {
  const run = await db.run.findUnique({ where: { orgId_id: { orgId, id: runId } }, select: { id: true } });
  if (run === null) throw new AppError('not_found', 'There is no such run in this org.');
  const rows = await searchStream(db, { runId, text, afterSeq, limit: mostHits + 1 });
  const hits = rows.slice(0, mostHits).map(({ seq, kind, at, payload }): RunHitView => {
    const read = fromCanonicalBytes(payload) as Record<string, unknown>;
    const { turn } = read;
    return { seq, kind, at: at.toISOString(), turn: typeof turn === 'number' ? turn : null, ...placeIn(read, text) };
  });
  return { hits, more: rows.length > mostHits };
}

type Place = Pick<RunHitView, 'before' | 'found' | 'after'>;

/** The first string within that holds the text, cut to what stands around it; found by its name alone, it has none. */
function placeIn(value: unknown, text: string): Place {
  const wanted = text.toLowerCase();
  const holder = stringsOf(value).find((one) => one.toLowerCase().includes(wanted));
  if (holder === undefined) return { before: '', found: text, after: '' };
  const at = holder.toLowerCase().indexOf(wanted);
  const end = at + text.length;
  return {
    before: holder.slice(Math.max(0, at - around), at),
    found: holder.slice(at, end),
    after: holder.slice(end, end + around),
  };
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
