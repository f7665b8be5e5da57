import type { NetworkPolicy } from './network-policy.ts';

/** What a policy opens, one place an entry; empty where it opens nothing. */
export function openPlaces({ registries, rules }: NetworkPolicy): string[] {
  const packages = registries.map((name) => `packages of ${name}`);
  const places = rules.map(({ host, ports, methods, paths }) => {
    const how = methods ? `${methods.join(', ')} to ` : '';
    const where = paths ? ` at ${paths.join(', ')}` : '';
    return `${how}${host}:${ports.join(',')}${where}`;
  });
  return [...packages, ...places];
}
