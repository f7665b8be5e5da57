import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { chainEvent, saltBytes } from '../domain/audit/chain.ts';
import type { ChainHead, ChainedEvent } from '../domain/audit/chained-event.ts';
import { ledgerMoves, type LedgerLeft, type LedgerMove } from '../domain/budget/ledger.ts';
import { AppError } from '../domain/errors.ts';
import type { Actor } from '../domain/events/actor.ts';
import { orgEvents } from '../domain/events/org-events.ts';
import type { OrgEvent } from '../domain/events/org-events.ts';
import { runEvents } from '../domain/events/run-events.ts';
import type { RunEvent } from '../domain/events/run-events.ts';
import { assertMayCause } from '../domain/events/who-may-cause.ts';
import { mapStrings } from '../domain/redaction/redact-event.ts';
import { makeRedactor } from '../domain/redaction/redactor.ts';
import type { OrgTx } from './connect.ts';
import { decisionStands, standingValues, type DecidedOn } from './decided-on.ts';
import { leftOf, refusedBy } from './ledger.ts';
import { newId } from './new-id.ts';
import { rawOf } from './raw.ts';
import type { Raw } from './raw.ts';

/** Where a stream stands: what the next event is chained to. A stream's only writer may keep it between appends. */
export type StreamHead = ChainHead & { streamId: string };

/** What the run has used up to and with these events; written to its row in the same statement. */
export type RunTotals = Record<
  'turns' | 'toolCalls' | 'inputTokens' | 'outputTokens' | 'cacheReads' | 'cacheWrites' | 'costMicros',
  number
>;

type RunAppend = {
  orgId: string;
  runId: string;
  /** The lease generation that the writer holds. */
  generation: number;
  actor: Actor;
  at: Date;
  events: RunEvent[];
  /** What the last append returned; without it the head is read first. */
  head?: StreamHead | undefined;
  totals?: RunTotals | undefined;
  /** Also refuse, as `lease_lost`, when the run's status is no longer `running`. */
  whileRunning?: boolean | undefined;
  /** Movements of the budgets beside those that the events stand for; part of the same commit. */
  moves?: LedgerMove[] | undefined;
  /** What the events were decided on; refused, as `conflict` with `detail.moved`, where that stands no more. */
  decidedOn?: DecidedOn | undefined;
};

/** The stream's new head and, where the ledger was moved, what is left. */
export type Appended = { head: StreamHead; left: LedgerLeft | null };

/**
 * Appends events to a run's stream and returns its new head. One statement: given a client of `database.org` instead of
 * a transaction, it is a whole durable commit in one round trip. Throws AppError `lease_lost` when `generation` is no
 * longer the run's, `conflict` when `head` is not where the stream stands or `decidedOn` is not what holds, `budget_exhausted` (with `detail.left`) when a
 * reservation does not fit; then nothing of it is written.
 */
export async function appendRunEvents(tx: OrgTx, append: RunAppend): Promise<Appended> {
  const { orgId, runId, generation, totals, whileRunning = false } = append;
  const raw = rawOf(tx);
  const head = append.head ?? (await readHead(raw, runId));
  if (append.events.length === 0) return { head, left: null };
  const payloads = append.events.map(({ kind, payload }) => ({ kind, payload: runEvents[kind].parse(payload) }));
  const chained = chainAll({ ...append, head }, payloads);
  const next = headAfter(head, chained);
  const moves = [...ledgerMoves(payloads as RunEvent[], head.seq), ...(append.moves ?? [])];
  const fence = [orgId, head.streamId, generation, next.seq, next.hash, head.seq, head.hash, runId];
  const values = [...fence, append.at, whileRunning, ...totalsOf(totals)];
  const { name, head: text, before } = insertionOf(values, { moves, decidedOn: append.decidedOn });
  const statement = insertEvents({ name, head: text, before, chained, ledger: moves.length > 0 });
  const [answer] = await raw.query<Answer>(statement).catch(refusedBy);
  if (answer?.added !== chained.length) throw await whyRefused(raw, append, head);
  raw.touched(head.streamId);
  return { head: next, left: moves.length > 0 ? leftOf(answer.left) : null };
}

const totalsOf = (totals: Partial<RunTotals> = {}) => [
  totals.turns,
  totals.toolCalls,
  totals.inputTokens,
  totals.outputTokens,
  totals.cacheReads,
  totals.cacheWrites,
  totals.costMicros,
];

type Answer = { added: number; left: unknown };

/**
 * The head moves only from where the writer saw it, under the generation it holds; run and events follow the head. The
 * run is locked before its stream, as in a claim: the other way round the two would wait for each other.
 */
const moveRunHead = (stands: string | null) => `
  with held as materialized (
    select id as run from run
    where org_id = $1 and id = $8 and lease_generation = $3 and (status = 'running' or not $10)
    for no key update
  ), head as (
    update stream set head_seq = $4, head_hash = $5 from held
    where org_id = $1 and id = $2 and writer_generation = $3 and head_seq = $6 and head_hash = $7
      ${stands === null ? '' : `and ${stands}`}
    returning org_id, id
  ), progress as (
    update run set progress_at = $9, turns = coalesce($11, turns), tool_calls = coalesce($12, tool_calls),
      input_tokens = coalesce($13, input_tokens), output_tokens = coalesce($14, output_tokens),
      cache_read_tokens = coalesce($15, cache_read_tokens), cache_write_tokens = coalesce($16, cache_write_tokens),
      cost_micros = coalesce($17, cost_micros)
    from head where run.org_id = head.org_id and run.id = $8
  )`;

/** After the run and its stream, the accounts: only where the head moved. */
const moveBudgets = `, ledger as materialized (select ledger_move($1, $8, null, $18::jsonb) as answer from head)`;

type Conditions = { moves: LedgerMove[]; decidedOn: DecidedOn | undefined };

function insertionOf(values: unknown[], { moves, decidedOn }: Conditions): Pick<Insertion, 'name' | 'head' | 'before'> {
  const budgets = moves.length > 0;
  const before = budgets ? [...values, JSON.stringify(moves)] : values;
  const text = (stands: string | null) => moveRunHead(stands) + (budgets ? moveBudgets : '');
  const name = budgets ? 'append_moving' : 'append_run';
  if (!decidedOn) return { name, head: text(null), before };
  const head = text(decisionStands('held.run', before.length + 1));
  return { name: `${name}_standing`, head, before: [...before, ...standingValues(decidedOn)] };
}

/** A run's events are redacted where they come in; these come from everywhere. */
const ofKnownShape = makeRedactor();

type OrgAppend = { orgId: string; actor: Actor; at: Date; events: OrgEvent[] };

/**
 * Appends events to the org's own stream, opening it first where it is new. Writers queue at its head until their
 * transaction ends, so do this late in one. Throws AppError `forbidden` where such an actor may not cause them.
 */
export async function appendOrgEvents(tx: OrgTx, append: OrgAppend): Promise<void> {
  const { orgId } = append;
  const raw = rawOf(tx);
  if (!raw.inTransaction) throw new Error('an org’s events are appended inside database.transaction');
  if (append.events.length === 0) return;
  for (const { kind } of append.events) assertMayCause(append.actor, kind);
  const head = (await lockOrgHead(raw)) ?? (await openOrgStream(raw));
  const payloads = append.events.map(({ kind, payload }) => ({
    kind,
    payload: mapStrings(orgEvents[kind].parse(payload), ofKnownShape.redact),
  }));
  const chained = chainAll({ ...append, head }, payloads);
  const next = headAfter(head, chained);
  const before = [orgId, head.streamId, next.seq, next.hash];
  await raw.query(insertEvents({ name: 'append_org', head: moveOrgHead, before, chained }));
  raw.touched(head.streamId);
}

/** The caller holds the row lock on the head. */
const moveOrgHead = `
  with head as (update stream set head_seq = $3, head_hash = $4 where org_id = $1 and id = $2 returning org_id, id)`;

/**
 * Opens the stream of a run, or hands an open one to the run's present lease generation: earlier holders can append
 * nothing more. Call it in the transaction that creates or claims the run. Throws AppError `not_found`.
 */
export async function openRunStream(
  tx: OrgTx,
  { orgId, runId }: { orgId: string; runId: string },
): Promise<StreamHead> {
  const [row] = await rawOf(tx).query<HeadRow>({
    name: 'open_run_stream',
    text: `
      insert into stream (org_id, id, kind, subject, head_hash, writer_generation)
      select org_id, $3, 'run', id, decode(repeat('00', 32), 'hex'), lease_generation from run where org_id = $1 and id = $2
      on conflict (org_id, kind, subject)
        do update set writer_generation = greatest(stream.writer_generation, excluded.writer_generation)
      returning id, head_seq, head_hash`,
    values: [orgId, runId, newId('stream')],
  });
  if (!row) throw new AppError('not_found', 'There is no such run.');
  return headOf(row);
}

type HeadRow = { id: string; head_seq: number; head_hash: Buffer };

function headOf(row: HeadRow): StreamHead {
  return { streamId: row.id, seq: row.head_seq, hash: row.head_hash };
}

async function readHead(raw: Raw, runId: string): Promise<StreamHead> {
  const [row] = await raw.query<HeadRow>({
    name: 'read_run_head',
    text: `select id, head_seq, head_hash from stream where org_id = $1 and kind = 'run' and subject = $2`,
    values: [raw.orgId, runId],
  });
  if (!row) throw new AppError('not_found', 'The run has no log: it was never opened.');
  return headOf(row);
}

async function lockOrgHead(raw: Raw): Promise<StreamHead | null> {
  const [row] = await raw.query<HeadRow>({
    name: 'lock_org_head',
    text: `select id, head_seq, head_hash from stream where org_id = $1 and kind = 'org' and subject = $1 for update`,
    values: [raw.orgId],
  });
  return row ? headOf(row) : null;
}

async function openOrgStream(raw: Raw): Promise<StreamHead> {
  await raw.query({
    text: `insert into stream (org_id, id, kind, subject, head_hash)
      values ($1, $2, 'org', $1, decode(repeat('00', 32), 'hex')) on conflict (org_id, kind, subject) do nothing`,
    values: [raw.orgId, newId('stream')],
  });
  const head = await lockOrgHead(raw);
  if (!head) throw new Error('the org’s stream is neither there nor can it be opened');
  return head;
}

type Chaining = { orgId: string; actor: Actor; at: Date; head: StreamHead };

function chainAll({ orgId, actor, at, head }: Chaining, events: { kind: string; payload: unknown }[]): ChainedEvent[] {
  const chained: ChainedEvent[] = [];
  const salts = randomBytes(saltBytes * events.length);
  for (const [n, event] of events.entries()) {
    const place = { org: orgId, stream: head.streamId, head: chained.at(-1) ?? head };
    const salt = salts.subarray(saltBytes * n, saltBytes * (n + 1));
    chained.push(chainEvent(place, { ...event, at, actor, salt }));
  }
  return chained;
}

function headAfter(head: StreamHead, chained: ChainedEvent[]): StreamHead {
  const last = chained.at(-1) ?? head;
  return { streamId: head.streamId, seq: last.seq, hash: last.hash };
}

const columnTypes = ['int', 'text', 'timestamptz', 'bytea', 'bytea', 'bytea', 'bytea'];

type Insertion = { name: string; head: string; before: unknown[]; chained: ChainedEvent[]; ledger?: boolean };

/** One statement that moves a head and puts the events behind it; it adds none where the head did not move. */
function insertEvents({ name, head, before, chained, ledger = false }: Insertion): pg.QueryConfig {
  let parameter = before.length;
  const tuples = chained.map(() => `(${columnTypes.map((type) => `$${++parameter}::${type}`).join(', ')})`);
  return {
    // Prepared once per connection and number of events; a rare long append is not worth keeping.
    ...(chained.length <= 8 ? { name: `${name}_${chained.length}` } : {}),
    text: `${head}, added as (
    insert into event (org_id, stream_id, seq, kind, at, header, payload, salt, hash)
    select head.org_id, head.id, e.* from head${ledger ? ', ledger' : ''}, (values ${tuples.join(', ')}) e
    returning seq)
  select (select count(*)::int from added) as added${ledger ? ', (select answer from ledger) as left' : ''}`,
    values: [
      ...before,
      ...chained.flatMap(({ seq, kind, at, header, payload, salt, hash }) => [
        seq,
        kind,
        at,
        header,
        payload,
        salt,
        hash,
      ]),
    ],
  };
}

async function whyRefused(
  raw: Raw,
  { runId, generation, whileRunning = false, decidedOn }: RunAppend,
  head: StreamHead,
): Promise<AppError> {
  const [held] = await raw.query<{ stands: boolean }>({
    text: `select s.head_seq = $5 and s.head_hash = $6 as stands from stream s
      join run r on r.org_id = s.org_id and r.id = s.subject
      where s.org_id = $1 and s.kind = 'run' and r.id = $2 and s.writer_generation = $3 and r.lease_generation = $3
        and (r.status = 'running' or not $4)`,
    values: [raw.orgId, runId, generation, whileRunning, head.seq, head.hash],
  });
  if (!held) return new AppError('lease_lost', 'Another worker took this run over.', { runId, generation });
  if (held.stands && decidedOn) {
    return new AppError('conflict', 'What this was decided on stands no more. Decide anew.', { runId, moved: true });
  }
  return new AppError('conflict', 'The run’s log does not stand where its writer left it. Read it anew.', { runId });
}
