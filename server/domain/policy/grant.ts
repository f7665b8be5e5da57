import { z } from 'zod';
import { modelNameOf } from '../mcp/mcp-server.ts';
import { compileGlobs } from '../scope/glob.ts';
import { entryGlobs } from '../scope/write-scope.ts';
import type { NetworkRule } from '../network/network-policy.ts';
import { matchesHost } from '../network/decide-network.ts';
import type { Action } from './action.ts';
import type { Deed } from './deed.ts';
import type { Decider } from './verdict.ts';

const entries = z.array(z.string()).default([]);

/**
 * What a grant opens: paths or globs, host names, commands, and tools of MCP servers, each word for word. Grants and
 * requests older than tools have none; they are hashed as they are.
 */
export const grantAllows = z.object({
  paths: entries,
  hosts: entries,
  commands: entries,
  tools: z.array(z.string()).optional(),
});
export type GrantAllows = z.infer<typeof grantAllows>;

/** An approved exception of one run that holds now. */
export type Grant = {
  approvalId: string;
  allows: GrantAllows;
  /** Whose answer it was. Without it, one of a time when rules asked nobody in particular. */
  answeredBy?: Decider | undefined;
};

/** How long a grant holds at most; it never outlives its run. */
export const grantTtlMs = 24 * 60 * 60 * 1_000;

/** A command that was opened word for word is opened with all that it does; a path and a host for whatever reaches them. */
function opens({ allows }: Grant, action: Action, deed: Deed): boolean {
  if (action.kind === 'shell' && allows.commands.includes(action.command.trim())) return true;
  if (action.kind === 'mcp_call') return allows.tools?.includes(modelNameOf(action.server, action.tool)) ?? false;
  if (deed.on === 'write') return compileGlobs(allows.paths.flatMap(entryGlobs))(deed.path);
  return deed.on === 'network' && deed.method === 'GET' && allows.hosts.some((host) => matchesHost(host, deed.host));
}

/** The hosts that people opened, as rules for what a sandbox may reach: over TLS, at the usual port. */
export function openedHosts(grants: readonly Grant[]): NetworkRule[] {
  return [...new Set(grants.flatMap(({ allows }) => allows.hosts))].map((host) => ({ host, ports: [443] }));
}

/** The grant that opens a deed of an action, or null. Whether it needs one is not asked here. */
export function grantFor(grants: readonly Grant[], action: Action, deed: Deed): Grant | null {
  return grants.find((grant) => opens(grant, action, deed)) ?? null;
}
