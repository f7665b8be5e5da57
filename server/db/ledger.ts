import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { budgetWords, ledgerLeft, type LedgerLeft, type LedgerMove } from '../domain/budget/ledger.ts';
import type { OrgTx } from './connect.ts';
import { rawOf } from './raw.ts';

const refusal = z.object({ refusedBy: z.string() });

type Moving = { orgId: string; runId: string; at: Date; moves: LedgerMove[] };

/**
 * Applies moves to every account of a run and returns what is left; without moves it only opens the accounts and reads
 * them. Lock order: after the run and its stream, before the org's. Throws `budget_exhausted` as `appendRunEvents` does.
 */
export async function moveLedger(tx: OrgTx, { orgId, runId, at, moves }: Moving): Promise<LedgerLeft> {
  const [row] = await rawOf(tx)
    .query<{ left: unknown }>({
      name: 'ledger_move',
      text: 'select ledger_move($1, $2, $3::timestamptz, $4::jsonb) as left',
      values: [orgId, runId, at, JSON.stringify(moves)],
    })
    .catch(refusedBy);
  return leftOf(row?.left);
}

export function leftOf(answer: unknown): LedgerLeft {
  return ledgerLeft.parse(answer);
}

/** A reservation that does not fit: what is left instead, as `ledger_move` says it. */
export function refusedBy(error: unknown): never {
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  if (code !== 'FL001' || typeof detail !== 'string') throw error;
  const answer: unknown = JSON.parse(detail);
  const left = leftOf(answer);
  const words = budgetWords(refusal.parse(answer).refusedBy);
  throw new AppError(
    'budget_exhausted',
    `${words[0]?.toUpperCase()}${words.slice(1)} does not cover this. Raise it under Settings, Budgets, then start the stage again.`,
    { left },
  );
}
