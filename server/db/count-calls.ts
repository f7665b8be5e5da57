import type { Database } from './connect.ts';
import { rawOf } from './raw.ts';

/**
 * Counts one call for each subject in the window that begins at `windowStart`, over all processes, and returns the counts
 * in the order of `subjects`. One statement, which takes the rows in one order whoever counts: no two wait for each other.
 */
export async function countCalls(
  { system }: Pick<Database, 'system'>,
  { subjects, windowStart }: { subjects: string[]; windowStart: Date },
): Promise<number[]> {
  const rows = await rawOf(system).query<{ subject: string; count: number }>({
    name: 'count_calls',
    text: `insert into rate_count as r (subject, window_start, count)
      select s, $2, 1 from unnest($1::text[]) s order by s
      on conflict (subject) do update set
        count = case when r.window_start = excluded.window_start then r.count + 1 else 1 end,
        window_start = excluded.window_start
      returning subject, count`,
    values: [subjects, windowStart],
  });
  const counts = new Map(rows.map(({ subject, count }) => [subject, count]));
  return subjects.map((subject) => counts.get(subject) ?? 0);
}
