import { AppError } from '../errors.ts';

type Account = {
  warnAt: number[];
  microsLimit: bigint | null;
  microsUsed: bigint;
  tokensLimit: bigint | null;
  tokensUsed: bigint;
  millisLimit: bigint | null;
  millisUsed: bigint;
};

export type ReachedLevel = {
  unit: 'micros' | 'tokens' | 'millis';
  level: number;
  used: number;
  limit: number;
  percent: number;
};

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
    const share = percent(used, limit);
    const level = Math.max(...account.warnAt.filter((each) => each <= share));
    return Number.isFinite(level) ? [{ unit, level, used: Number(used), limit: Number(limit), percent: share }] : [];
  });
  return reached.toSorted((a, b) => b.level - a.level || b.percent - a.percent)[0] ?? null;
}

const mostLevels = 6;

/** Refuses levels that are none: each a whole percentage of 1 to 100, none twice. Throws `invalid_input`. */
export function checkLevels(levels: readonly number[]): void {
  const wrong = (why: string) => new AppError('invalid_input', why, { field: 'warnAt' });
  if (levels.length > mostLevels) throw wrong(`Choose at most ${mostLevels} levels.`);
  if (new Set(levels).size < levels.length) throw wrong('Name each level once.');
  const bad = levels.find((level) => !Number.isInteger(level) || level < 1 || level > 100);
  if (bad !== undefined) throw wrong(`A level is a whole percentage from 1 to 100; ${bad} is not.`);
}
