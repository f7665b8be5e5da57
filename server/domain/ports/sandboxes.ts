import type { Reaped, SandboxPort } from './sandbox.ts';

/** Where sandboxes come from in one installation: the operator says which provider an org's work gets. */
export type Sandboxes = {
  /** `open` throws `sandbox_unavailable` where the org may not share the kernel it would get, with what to do. */
  for(orgId: string): Pick<SandboxPort, 'open'>;
  /** `reap` of every provider in use. */
  reap(): Promise<Reaped>;
};

/** One provider for every org. */
export function sameForAll(port: Pick<SandboxPort, 'open' | 'reap'>): Sandboxes {
  return { for: () => port, reap: () => port.reap() };
}
