import { createHash } from 'node:crypto';

/** One block of a prompt in the order in which the provider reads it: tools, system, messages. */
export type Part = { text: string; mark: Life | null };
export type Life = '5m' | '1h';

export type CacheUsage = { input: number; cacheRead: number; cacheWrite: { '5m': number; '1h': number } };

/** A prompt as the provider sees it: the hash and the tokens of every prefix, block by block. */
export type Prefixes = { hashes: string[]; tokens: number[] };

/** The published rules of prompt caching. */
const rules = { breakpoints: 4, leastTokens: 1024, lookBack: 20, lives: { '5m': 300_000, '1h': 3_600_000 } } as const;
const bytesPerToken = 3.6;

export function prefixesOf(parts: readonly Part[]): Prefixes {
  const hashes: string[] = [];
  const tokens: number[] = [];
  let hash = '';
  let sum = 0;
  for (const { text } of parts) {
    hash = createHash('sha256').update(hash).update(text).digest('base64');
    sum += Math.ceil(Buffer.byteLength(text) / bytesPerToken);
    hashes.push(hash);
    tokens.push(sum);
  }
  return { hashes, tokens };
}

/** How many blocks two prompts begin with alike. */
export function commonBlocks(one: Prefixes, other: Prefixes): number {
  let alike = 0;
  let above = Math.min(one.hashes.length, other.hashes.length) + 1;
  while (above - alike > 1) {
    const middle = Math.floor((alike + above) / 2);
    if (one.hashes[middle - 1] === other.hashes[middle - 1]) alike = middle;
    else above = middle;
  }
  return alike;
}

export const tokensOf = ({ tokens }: Prefixes, blocks: number) => (blocks === 0 ? 0 : (tokens[blocks - 1] ?? 0));

/** What is shorter than this is never kept. */
export const leastTokens = rules.leastTokens;
export const shortLifeMs = rules.lives['5m'];

export class TooManyBreakpoints extends Error {}

type Entry = { until: number; life: Life };

/**
 * What a provider keeps of the prompts it was sent. At each breakpoint it looks back over 20 blocks for the longest prefix that
 * it has kept and that has not run out; using a prefix renews it; what follows is read, and kept up to the last breakpoint.
 */
export class PromptCache {
  readonly #entries = new Map<string, Entry>();

  take(parts: readonly Part[], prefixes: Prefixes, now: number): CacheUsage {
    const marks = parts.flatMap(({ mark }, index) => (mark ? [{ at: index, life: mark }] : []));
    if (marks.length > rules.breakpoints) throw new TooManyBreakpoints(`${marks.length} breakpoints`);
    const found = this.#longest(
      marks.map(({ at }) => at),
      prefixes,
      now,
    );
    const usage: CacheUsage = { input: 0, cacheRead: tokensOf(prefixes, found + 1), cacheWrite: { '5m': 0, '1h': 0 } };
    let kept = usage.cacheRead;
    for (const { at, life } of marks) {
      const upTo = tokensOf(prefixes, at + 1);
      if (upTo < rules.leastTokens) continue;
      this.#keep(prefixes.hashes[at] ?? '', life, now);
      if (upTo <= kept) continue;
      usage.cacheWrite[life] += upTo - kept;
      kept = upTo;
    }
    usage.input = tokensOf(prefixes, parts.length) - kept;
    return usage;
  }

  /** The index of the last block of the longest kept prefix, -1 for none. */
  #longest(marks: number[], { hashes }: Prefixes, now: number): number {
    for (const mark of marks.toReversed()) {
      for (let at = mark; at >= Math.max(0, mark - rules.lookBack); at -= 1) {
        const entry = this.#entries.get(hashes[at] ?? '');
        if (!entry || entry.until < now) continue;
        entry.until = now + rules.lives[entry.life];
        return at;
      }
    }
    return -1;
  }

  #keep(hash: string, life: Life, now: number): void {
    this.#entries.set(hash, { life, until: now + rules.lives[life] });
  }
}
