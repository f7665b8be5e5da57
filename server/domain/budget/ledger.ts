import { z } from 'zod';
import type { RunEvent, RunEventKind, RunEventPayload } from '../events/run-events.ts';
import type { Usage } from '../ports/model.ts';
import { isLandingNotice } from '../transcript/notices.ts';

/** Whose use an account counts. Task and run are counted once, the others by calendar month (UTC), an agent in both ways. */
export type BudgetDimension = 'org' | 'team' | 'repo' | 'agent' | 'task' | 'run';

/** Share of a run's money and tokens that is kept back in every account above it, so that it can always come to an end. */
const landingShare = 0.15;
/** Coming to an end takes a few calls, however much a month may use: no run keeps more tokens from the others. */
const mostLandingTokens = 300_000;

/** One movement of the ledger, applied to all accounts of a run at once. */
export type LedgerMove =
  /** The worst case of a model call, or with `call` `landing` what the run keeps back; refused where it does not fit. */
  | { do: 'reserve'; call: string; micros: number; tokens: number }
  /** What the open call came to; null: what was reserved for it (tokens only where it cost anything). */
  | { do: 'settle'; micros: number | null; tokens: number | null }
  /** Gives back what was kept to land with. */
  | { do: 'release'; micros: 0; tokens: 0 }
  /** Run-time that passed since `since` (ISO 8601 UTC); `last` at a slice's end. */
  | { do: 'tick'; millis: number; since: string; last: boolean };

/** What a run may still use under the tightest of its accounts; null where nothing limits it. `…Of` names that account. */
export const ledgerLeft = z.object({
  micros: z.number().nullable(),
  microsOf: z.string().nullable(),
  tokens: z.number().nullable(),
  tokensOf: z.string().nullable(),
  millis: z.number().nullable(),
  millisOf: z.string().nullable(),
  /** Part of `micros` and of `tokens` that only landing may use. */
  landing: z.number(),
  landingTokens: z.number(),
  /** Accounts whose people are to be told that a level was reached. */
  due: z.array(z.string()),
});
export type LedgerLeft = z.infer<typeof ledgerLeft>;

/** Nothing above the run limits it. */
export const unlimited: LedgerLeft = {
  ...{ micros: null, microsOf: null, tokens: null, tokensOf: null, millis: null, millisOf: null },
  ...{ landing: 0, landingTokens: 0, due: [] },
};

/** What a run keeps back to land with; of tokens only where they are limited. */
function landingReserve({
  costLimitMicros,
  tokensLeft,
}: Pick<RunEventPayload<'run.started'>, 'costLimitMicros' | 'tokensLeft'>) {
  const tokens = Math.min(mostLandingTokens, Math.floor(Math.max(0, tokensLeft ?? 0) * landingShare));
  return { micros: Math.floor(costLimitMicros * landingShare), tokens };
}

/**
 * The movements that events of a run stand for. They are written in the commit that writes the events, so that the ledger
 * is a derivation of the log. `seqBefore` is the stream's last seq before them: a call is named by its event's.
 */
export function ledgerMoves(events: readonly RunEvent[], seqBefore: number): LedgerMove[] {
  return events.flatMap((event, index) => movesOf(event, seqBefore + index + 1));
}

const release: LedgerMove = { do: 'release', micros: 0, tokens: 0 };

type Moves = { [K in RunEventKind]?: (payload: RunEventPayload<K>, seq: number) => LedgerMove[] };

function settledAt({ costMicros, usage }: { costMicros: number; usage: Usage }): LedgerMove {
  const { input, output, cacheRead, cacheWrite } = usage;
  return { do: 'settle', micros: costMicros, tokens: input + output + cacheRead + cacheWrite };
}

const moves: Moves = {
  'run.started': (started) => [{ do: 'reserve', call: 'landing', ...landingReserve(started) }],
  'run.forked': (forked) => [{ do: 'reserve', call: 'landing', ...landingReserve(forked) }],
  'model.called': ({ reservedMicros, reservedTokens = 0 }, seq) => [
    { do: 'reserve', call: `event ${seq}`, micros: reservedMicros, tokens: reservedTokens },
  ],
  'model.replied': (reply) => [settledAt(reply)],
  'context.compacted': (summary) => (summary.asked ? [settledAt(summary)] : []),
  'summary.rejected': (answer) => [settledAt(answer)],
  'model.failed': ({ costMicros }) => [{ do: 'settle', micros: costMicros, tokens: null }],
  'message.added': ({ source, text }) => (source === 'platform' && isLandingNotice(text) ? [release] : []),
  'run.ended': () => [{ do: 'settle', micros: null, tokens: null }, release],
};

function movesOf({ kind, payload }: RunEvent, seq: number): LedgerMove[] {
  return (
    (moves[kind] as ((payload: RunEvent['payload'], seq: number) => LedgerMove[]) | undefined)?.(payload, seq) ?? []
  );
}

const monthName = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const owners: Record<BudgetDimension, string> = {
  org: 'the org',
  team: 'the team',
  repo: 'the repo',
  agent: 'the agent',
  task: 'the task',
  run: 'the run',
};

/** An account as the ledger names it (`org 2026-11`) in words: `the budget of the org for November 2026`. */
export function budgetWords(account: string): string {
  const [dimension = 'run', period = 'total'] = account.split(' ');
  const owner = owners[dimension as BudgetDimension] ?? dimension;
  if (period === 'total') return `the budget of ${owner}`;
  return `the budget of ${owner} for ${monthWords(period)}`;
}

/** `2026-11` in words. */
export function monthWords(month: string): string {
  return monthName.format(new Date(`${month}-01T00:00:00Z`));
}
