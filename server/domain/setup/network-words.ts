import type { NetworkRequest } from '../network/network-request.ts';

type Tally = { allowed: number; refused: Map<string, number> };

/** What a set-up asked of the network, a line for each host. */
export function networkWords(requests: readonly NetworkRequest[]): string {
  const hosts = new Map<string, Tally>();
  for (const { host, port, allowed, rule } of requests) {
    const name = `${host}:${port}`;
    const tally = hosts.get(name) ?? { allowed: 0, refused: new Map<string, number>() };
    hosts.set(name, tally);
    if (allowed) tally.allowed += 1;
    else tally.refused.set(rule, (tally.refused.get(rule) ?? 0) + 1);
  }
  const lines = [...hosts].flatMap(([name, { allowed, refused }]) => [
    ...(allowed > 0 ? [`network: ${name}, ${allowed} let through`] : []),
    ...[...refused].map(([why, count]) => `network: ${name}, ${count} refused: ${why}`),
  ]);
  return lines.slice(0, 50).join('\n');
}
