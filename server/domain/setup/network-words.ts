import type { NetworkRequest } from '../network/network-request.ts';

type Tally = { allowed: number; injected: Set<string>; refused: Map<string, number> };

/** What a set-up asked of the network, a line for each host. */
export function networkWords(requests: readonly NetworkRequest[]): string {
  const hosts = new Map<string, Tally>();
  for (const { host, port, allowed, rule, injected } of requests) {
    const name = `${host}:${port}`;
    const tally = hosts.get(name) ?? { allowed: 0, injected: new Set<string>(), refused: new Map<string, number>() };
    hosts.set(name, tally);
    for (const secret of injected) tally.injected.add(secret);
    if (allowed) tally.allowed += 1;
    else tally.refused.set(rule, (tally.refused.get(rule) ?? 0) + 1);
  }
  const lines = [...hosts].flatMap(([name, { allowed, injected, refused }]) => [
    ...(allowed > 0 ? [`network: ${name}, ${allowed} let through${withSecrets([...injected])}`] : []),
    ...[...refused].map(([why, count]) => `network: ${name}, ${count} refused: ${why}`),
  ]);
  return lines.slice(0, 50).join('\n');
}

function withSecrets(names: string[]): string {
  return names.length === 0 ? '' : ` with ${names.join(', ')}`;
}
