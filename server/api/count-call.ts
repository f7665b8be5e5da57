import { countCalls } from '../db/count-calls.ts';
import { rateStanding, rateWindowMs, type RateKind } from '../domain/authz/rate-limits.ts';
import { AppError } from '../domain/errors.ts';
import type { Context } from './context.ts';

/** Counts a call for its key or member and for its org, and refuses it when one of them has made too many. */
export async function countCall({ web, rate }: Context, who: { kind: 'key' | 'member'; id: string; orgId: string }) {
  const now = web.clock.now().getTime();
  const windowStart = now - (now % rateWindowMs);
  const kinds: RateKind[] = [who.kind, 'org'];
  const subjects = [`${who.kind} ${who.orgId} ${who.id}`, `org ${who.orgId}`];
  const counts = await countCalls(web.database, { subjects, windowStart: new Date(windowStart) });
  const counted = kinds.map((kind, at) => ({ kind, count: counts[at] ?? 0 }));
  const { standing, passed } = rateStanding(counted, { now, windowStart });
  if (rate.standing === null || standing.remaining <= rate.standing.remaining) rate.standing = standing;
  rate.passed ||= passed;
  if (!passed) return;
  const { limit, resetSeconds } = standing;
  throw new AppError('rate_limited', `More than ${limit} calls in a minute. Go on in ${resetSeconds} s.`, {
    resetSeconds,
  });
}
