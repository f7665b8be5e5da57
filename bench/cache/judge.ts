import type { RunEvent } from '../../server/domain/events/run-events.ts';
import type { Seen } from './cache-server.ts';
import { commonBlocks, leastTokens, shortLifeMs, tokensOf } from './prompt-cache.ts';

/** µ$ a million tokens, as the price list has them for claude-sonnet-5-5 since October 2026; an hour's life is written at 2×. */
const prices = { input: 2, read: 0.1, write: 2.5, writeHour: 4 };

export type Judged = {
  calls: number;
  read: number;
  prompt: number;
  cost: number;
  optimum: number;
  /** Calls whose prompt does not begin with the whole of the one before. */
  plannedBreaks: number;
  avoidableBreaks: number;
};

/**
 * What a conversation read and cost, against the least that any placing of breakpoints could have cost for the same prompts:
 * what a prompt shares with one of the last five minutes is read, what a later one will share within five is written, and the
 * rest is read as it is. A prefix is broken on purpose where the log says that room was made.
 */
export function judge(seen: readonly Seen[], log: readonly RunEvent[]): Judged {
  const judged = { calls: seen.length, read: 0, prompt: 0, cost: 0, optimum: 0, plannedBreaks: 0, avoidableBreaks: 0 };
  const rooms = roomMade(log);
  seen.forEach(({ prefixes, usage }, index) => {
    const { input, cacheRead, cacheWrite } = usage;
    judged.read += cacheRead;
    judged.prompt += tokensOf(prefixes, prefixes.tokens.length);
    judged.cost += input * prices.input + cacheRead * prices.read;
    judged.cost += cacheWrite['5m'] * prices.write + cacheWrite['1h'] * prices.writeHour;
    judged.optimum += leastFor(seen, index);
    const before = seen[index - 1];
    if (!before || commonBlocks(before.prefixes, prefixes) === before.prefixes.hashes.length) return;
    if (rooms[index]) judged.plannedBreaks += 1;
    else judged.avoidableBreaks += 1;
  });
  return judged;
}

/** For each call of the log, whether room was made in the conversation since the one before. */
function roomMade(log: readonly RunEvent[]): boolean[] {
  const made: boolean[] = [];
  let since = false;
  for (const { kind } of log) {
    if (kind === 'context.cleared' || kind === 'context.compacted') since = true;
    if (kind !== 'model.called') continue;
    made.push(since);
    since = false;
  }
  return made;
}

function leastFor(seen: readonly Seen[], index: number): number {
  const { prefixes, at } = seen[index]!;
  const shared = (other: Seen) => {
    const tokens = tokensOf(prefixes, commonBlocks(prefixes, other.prefixes));
    return tokens < leastTokens ? 0 : tokens;
  };
  let read = 0;
  for (let n = index - 1; n >= 0 && at - seen[n]!.at <= shortLifeMs; n -= 1) read = Math.max(read, shared(seen[n]!));
  let wanted = read;
  for (let n = index + 1; n < seen.length && seen[n]!.at - at <= shortLifeMs; n += 1) {
    wanted = Math.max(wanted, shared(seen[n]!));
  }
  const whole = tokensOf(prefixes, prefixes.tokens.length);
  return read * prices.read + (wanted - read) * prices.write + (whole - wanted) * prices.input;
}
