import type { FindOidc, OidcAnswer } from '../../domain/ports/find-oidc.ts';

const foundMs = 10 * 60_000;
/** Also what failed is kept for a while: sign-in pages are open to everyone, and must not make us call a stranger's server at will. */
const failedMs = 30_000;
const most = 1_000;

type Kept = { answer: Promise<OidcAnswer>; until: number };

/** Discovery for signing in: each issuer is called once in a while, however many people sign in; many at once share one call. */
export function cachedOidc(find: FindOidc, { now }: { now: () => number }): FindOidc {
  const kept = new Map<string, Kept>();
  return (issuer, byOperator) => {
    const key = `${byOperator ? 'operator' : 'tenant'} ${issuer}`;
    const known = kept.get(key);
    if (known && known.until > now()) return known.answer;
    const answer = find(issuer, byOperator);
    const entry: Kept = { answer, until: now() + failedMs };
    kept.delete(key);
    kept.set(key, entry);
    const oldest = kept.keys().next().value;
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    answer.then(
      ({ kind }) => void (kind === 'found' && (entry.until = now() + foundMs)),
      () => kept.delete(key),
    );
    return answer;
  };
}
