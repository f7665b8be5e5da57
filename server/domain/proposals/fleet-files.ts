/** What a repo may propose: the rules of its own layer, and other versions of roles of the org. */
export type FleetFile = { of: 'policy' } | { of: 'role'; role: string };

export const policyFile = '.fleet/policy.yaml';

const role = /^\.fleet\/roles\/([a-z0-9]+(?:-[a-z0-9]+)*)\.yaml$/u;

/** What a path of a repo would propose; null for any other file. */
export function fleetFileOf(path: string): FleetFile | null {
  if (path === policyFile) return { of: 'policy' };
  const name = role.exec(path)?.[1];
  return name !== undefined && name.length <= 40 ? { of: 'role', role: name } : null;
}

/** A file with more is not read: nobody would. */
export const mostFileBytes = 256 * 1024;
/** Files of one repo that are looked at. */
export const mostFleetFiles = 50;
