import type { NetworkPolicy, NetworkRule } from './network-policy.ts';
import { registryPlaces, type Mirrors } from './registries.ts';

/** What a client asks its proxy for. A tunnel has neither method nor path that could be seen. `host` as `readHost` gives it. */
export type NetworkAction = { host: string; port: number; request: { method: string; path: string } | null };

export type NetworkVerdict = { allowed: true; rule: string } | { allowed: false; rule: string };

/**
 * Whether one request may leave, and the rule that says so. What no rule names is refused. A rule with methods or paths
 * does not open a tunnel, because in a tunnel nobody could see that it is kept. Pure.
 */
export function decideNetwork(policy: NetworkPolicy, action: NetworkAction, mirrors: Mirrors = {}): NetworkVerdict {
  const rules = [...registryRules(policy, mirrors), ...policy.rules.map((rule) => ({ name: describe(rule), rule }))];
  const near = rules.filter(({ rule }) => matchesHost(rule.host, action.host) && rule.ports.includes(action.port));
  const found = near.find(({ rule }) => matchesRequest(rule, action.request));
  if (found) return { allowed: true, rule: found.name };
  const place = `${action.host}:${action.port}`;
  if (near.length === 0) return { allowed: false, rule: `no rule opens ${place}` };
  return { allowed: false, rule: `the rules for ${place} do not open this method and path` };
}

function registryRules({ registries }: NetworkPolicy, mirrors: Mirrors): { name: string; rule: NetworkRule }[] {
  return registries.flatMap((name) =>
    registryPlaces(name, mirrors).map(({ host, ports }) => ({
      name: `registry ${name}`,
      rule: { host, ports: [...ports] },
    })),
  );
}

/** Whether a rule names the place and would have to see each request to it. */
export function needsSight(policy: NetworkPolicy, { host, port }: { host: string; port: number }): boolean {
  return policy.rules.some(
    ({ methods, paths, ...rule }) =>
      (methods ?? paths) !== undefined && matchesHost(rule.host, host) && rule.ports.includes(port),
  );
}

export function matchesHost(pattern: string, host: string): boolean {
  if (!pattern.startsWith('*.')) return pattern === host;
  return host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1;
}

function matchesRequest({ methods, paths }: NetworkRule, request: NetworkAction['request']): boolean {
  if (methods === undefined && paths === undefined) return true;
  if (request === null) return false;
  if (methods !== undefined && !methods.some((method) => method === request.method)) return false;
  return paths === undefined || (isPlainPath(request.path) && paths.some((path) => matchesPath(path, request.path)));
}

/** The query is not compared. */
function matchesPath(pattern: string, target: string): boolean {
  const path = target.split('?', 1)[0]!;
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/** Servers disagree on what these mean; where a path is what is allowed, they are refused. */
function isPlainPath(target: string): boolean {
  const path = target.split('?', 1)[0]!;
  const odd = /\\|\/\/|%(?:2e|2f|5c|25|00)|;/i.test(path);
  return path.startsWith('/') && !odd && !path.split('/').some((part) => part === '.' || part === '..');
}

function describe({ host, ports, methods, paths }: NetworkRule): string {
  const what = methods ? `${methods.join(', ')} ` : '';
  const where = paths ? ` at ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' …' : ''}` : '';
  return `${what}${host}:${ports.join(',')}${where}`.slice(0, 400);
}
