import type { NetworkPolicy } from '../../domain/network/network-policy.ts';
import { registryPlaces, type Mirrors } from '../../domain/network/registries.ts';

/** What is about to be sent. A tunnel has neither method nor path. */
type Outgoing = { host: string; port: number; method: string | null; path: string | null };

type Entry = { methods: ReadonlySet<string> | null; exact: ReadonlySet<string>; below: string[]; anyPath: boolean };

/** Answers whether something may be sent. */
export type SenderList = (outgoing: Outgoing) => boolean;

/**
 * A second reading of a policy: drawn up once, by place, and compared by the sender with what it is about to send, whatever
 * the verdict over the request was. It shares no code with that verdict, so that one mistake does not open both.
 */
export function senderList(policy: NetworkPolicy, mirrors: Mirrors): SenderList {
  const named = new Map<string, Entry[]>();
  const add = (host: string, ports: readonly number[], entry: Entry) => {
    for (const port of ports) named.set(`${host} ${port}`, [...(named.get(`${host} ${port}`) ?? []), entry]);
  };
  for (const registry of policy.registries) {
    for (const { host, ports } of registryPlaces(registry, mirrors)) add(host, ports, anything);
  }
  for (const { host, ports, methods, paths } of policy.rules) {
    add(host, ports, {
      methods: methods ? new Set(methods) : null,
      exact: new Set(paths?.filter((path) => !path.endsWith('*'))),
      below: (paths ?? []).filter((path) => path.endsWith('*')).map((path) => path.slice(0, -1)),
      anyPath: paths === undefined,
    });
  }
  return ({ host, port, method, path }) =>
    patternsOf(host)
      .flatMap((pattern) => named.get(`${pattern} ${port}`) ?? [])
      .some((entry) => covers(entry, method, path));
}

const anything: Entry = { methods: null, exact: new Set(), below: [], anyPath: true };

/** The name itself and what stands for it: `a.b.c` is `*.b.c` and `*.c`. */
function patternsOf(host: string): string[] {
  const labels = host.split('.');
  return [host, ...labels.slice(1).map((_, at) => `*.${labels.slice(at + 1).join('.')}`)];
}

function covers({ methods, exact, below, anyPath }: Entry, method: string | null, target: string | null): boolean {
  if (methods === null && anyPath) return true;
  if (method === null || target === null) return false;
  if (methods !== null && !methods.has(method)) return false;
  if (anyPath) return true;
  const [path = ''] = target.split('?');
  // A path that is not in the one form in which it was written may be another one to the server.
  if (/%(?:2e|2f|5c|25|00)|[;\\]|\/\/|\/\.{1,2}(?:\/|$)/iu.test(path)) return false;
  return exact.has(path) || below.some((folder) => path.startsWith(folder));
}
