type Account = {
  warnAt: number[];
  microsLimit: bigint | null;
  microsUsed: bigint;
  tokensLimit: bigint | null;
  tokensUsed: bigint;
  millisLimit: bigint | null;
  millisUsed: bigint;
};

export type ReachedLevel = { unit: 'micros' | 'tokens' | 'millis'; level: number; used: number; limit: number };

const percent = (used: bigint, limit: bigint) => Number((100n * used) / limit);

/** The highest of an account's warning levels that one of its units has reached, null while none has. */
export function reachedLevel(account: Account): ReachedLevel | null {
  const units = [
    ['micros', account.microsUsed, account.microsLimit],
    ['tokens', account.tokensUsed, account.tokensLimit],
    ['millis', account.millisUsed, account.millisLimit],
  ] as const;
  const reached = units.flatMap(([unit, used, limit]) => {
    if (limit === null || limit === 0n) return [];
    const level = Math.max(...account.warnAt.filter((each) => each <= percent(used, limit)));
    return Number.isFinite(level) ? [{ unit, level, used: Number(used), limit: Number(limit) }] : [];
  });
  return reached.toSorted((a, b) => b.level - a.level)[0] ?? null;
}
