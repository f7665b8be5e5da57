import { z } from 'zod';
import { compileGlobs } from '../scope/glob.ts';
import { workPath } from '../scope/work-path.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import type { NetworkRule } from '../network/network-policy.ts';
import type { Action } from './action.ts';

const entries = z.array(z.string()).default([]);

/** What a grant opens: paths or globs, host names, and commands, each word for word. */
export const grantAllows = z.object({ paths: entries, hosts: entries, commands: entries });
export type GrantAllows = z.infer<typeof grantAllows>;

/** An approved exception of one run that holds now. */
export type Grant = { approvalId: string; allows: GrantAllows };

/** How long a grant holds at most; it never outlives its run. */
export const grantTtlMs = 24 * 60 * 60 * 1_000;

function opens({ allows }: Grant, action: Action): boolean {
  if (action.kind === 'shell') return allows.commands.includes(action.command.trim());
  if (action.kind !== 'file_write') return false;
  const path = workPath(action.path);
  return path !== null && compileGlobs(allows.paths.flatMap(entryGlobs))(path);
}

/** The hosts that people opened, as rules for what a sandbox may reach: over TLS, at the usual port. */
export function openedHosts(grants: readonly Grant[]): NetworkRule[] {
  return [...new Set(grants.flatMap(({ allows }) => allows.hosts))].map((host) => ({ host, ports: [443] }));
}

/** The grant that opens an action, or null. Whether the action needs one is not asked here. */
export function grantFor(grants: readonly Grant[], action: Action): Grant | null {
  return grants.find((grant) => opens(grant, action)) ?? null;
}
