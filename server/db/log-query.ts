import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

export type EventPlace = { stream: string; seq: number };

/** Which events of an org's log are asked for: all that pass every part. An empty part lets all pass. */
export type LogQuery = {
  /** Kinds, or beginnings of them that end with `*`. */
  kinds: string[];
  /** Parts of a header's canonical text, such as `"userId":"user_…"`; one of them is in it. */
  actors: string[];
  /** For each set of ids: the event is of the log of one of them, or its payload names one of them. */
  about: string[][];
  logs: ('org' | 'run')[];
  after: Date | null;
  before: Date | null;
  /** Each is in the payload, in any case. */
  text: string[];
  /** Events that are wanted besides, whatever the rest says. */
  also: readonly EventPlace[];
};

export const everything: LogQuery = {
  kinds: [],
  actors: [],
  about: [],
  logs: [],
  after: null,
  before: null,
  text: [],
  also: [],
};

/** A condition on `e`, an event, and `s`, its stream, whose first parameter is `$first`. */
export function conditionOf(query: LogQuery, first: number): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const put = (value: unknown) => `$${first - 1 + values.push(value)}`;
  const all: string[] = [];
  if (query.kinds.length > 0) all.push(`e.kind like any(${put(query.kinds.map(likePattern))}::text[])`);
  if (query.logs.length > 0) all.push(`s.kind::text = any(${put(query.logs)}::text[])`);
  if (query.after !== null) all.push(`e.at >= ${put(query.after)}::timestamptz`);
  if (query.before !== null) all.push(`e.at < ${put(query.before)}::timestamptz`);
  if (query.actors.length > 0) {
    const needles = put(query.actors.map((text) => Buffer.from(text)));
    all.push(`exists (select from unnest(${needles}::bytea[]) part where position(part in e.header) > 0)`);
  }
  for (const ids of query.about) all.push(namesOne(put(ids)));
  for (const text of query.text) {
    const written = JSON.stringify(text.toLowerCase()).slice(1, -1);
    all.push(`position(${put(written)}::text in lower(convert_from(e.payload, 'UTF8'))) > 0`);
  }
  const asked = all.length === 0 ? 'true' : all.join('\n and ');
  const { also } = query;
  if (also.length === 0) return { text: asked, values };
  const [streams, seqs] = [put(also.map(({ stream }) => stream)), put(also.map(({ seq }) => seq))];
  const named = `(e.stream_id, e.seq) in (select * from unnest(${streams}::text[], ${seqs}::int[]))`;
  return { text: `((${asked}) or ${named})`, values };
}

function likePattern(kind: string): string {
  const plain = kind.replaceAll(/[\\%_]/g, String.raw`\$&`);
  return plain.endsWith('*') ? `${plain.slice(0, -1)}%` : plain;
}

/**
 * A quote within a payload's text is escaped there, so that no text can pass for a field. `encode` takes bytes of any kind,
 * also those that somebody broke.
 */
const namesOne = (ids: string) => `(s.subject = any(${ids}::text[]) or (s.kind = 'org' and exists (
    select from regexp_matches(encode(e.payload, 'escape'), '"(?:[a-zA-Z]*Id|subject)":"([^"]+)"', 'g') named
    where named[1] = any(${ids}::text[]))))`;

type Subjects = { runs: string[]; tasks: string[]; repos: string[] };

/** The ids by which events name these runs, tasks and repos and all that belongs to them. */
export async function idsAround(db: OrgTx, { runs, tasks, repos }: Subjects): Promise<string[]> {
  const raw = rawOf(db);
  const rows = await raw.query<{ id: string }>({
    text: `
      with task_ as (select id from task where org_id = $1 and (id = any($3) or repo_id = any($4))),
      pipeline_ as (select id from pipeline_run where org_id = $1 and task_id in (select id from task_)),
      attempt_ as (
        select a.id from stage_attempt a where a.org_id = $1 and (a.pipeline_run_id in (select id from pipeline_)
          or a.id in (select stage_attempt_id from run where org_id = $1 and id = any($2)))
      ),
      run_ as (select id from run where org_id = $1 and stage_attempt_id in (select id from attempt_))
      select id from task_ union select id from pipeline_ union select id from attempt_ union select id from run_
      union select id from change where org_id = $1 and pipeline_run_id in (select id from pipeline_)
      union select id from approval where org_id = $1
        and (pipeline_run_id in (select id from pipeline_) or run_id in (select id from run_))
      union select id from repo where org_id = $1 and id = any($4)
      union select id from environment_check where org_id = $1 and repo_id = any($4)`,
    values: [raw.orgId, runs, tasks, repos],
  });
  return rows.map(({ id }) => id);
}
