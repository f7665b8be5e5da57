import { isPlacedByName, localPlace, placeOfOrg } from '../../domain/engines/engine-settings.ts';
import type { SandboxAccount } from '../../domain/engines/sandbox-account.ts';
import type { Reaped, SandboxHealth } from '../../domain/ports/sandbox.ts';
import type { Sandboxes } from '../../domain/ports/sandboxes.ts';
import type { EgressSettings } from '../egress/settings.ts';
import type { ServiceDoor } from '../egress/service-door.ts';
import { e2bSandbox } from '../sandbox/e2b/e2b.ts';
import { noLimits } from '../sandbox/probe-command.ts';
import { sweepScratch } from '../sandbox/scratch.ts';
import { readEngines } from './engine-file.ts';
import { providers } from './providers.ts';

type Parts = {
  dataDir: string;
  /** Asked before every sandbox; throws where the org's work may not run on the kernel it would get. */
  admit(orgId: string): Promise<void>;
  /** The network that sandboxes stand in. */
  egress?: EgressSettings;
  accounts?: OwnAccounts;
};

/** Orgs' own accounts with a service that rents machines. */
export type OwnAccounts = {
  of(orgId: string): Promise<SandboxAccount | null>;
  /** Which orgs have one. */
  orgs(): Promise<string[]>;
  door: ServiceDoor;
};

/**
 * Sandboxes where the operator says, or on an org's own account unless the operator placed that org by name. All of it is
 * read anew for each: a change counts from the next sandbox on.
 */
export function installedSandboxes({ admit, accounts, ...grounds }: Parts): Sandboxes {
  const { dataDir, egress } = grounds;
  const providerOf = providers(grounds);
  const own = async (orgId: string) => {
    const account = await accounts?.of(orgId);
    if (!account || !accounts) return null;
    const proxy = await accounts.door(account.domain);
    // The org's id tells its machines apart: an installation without engines has no other name.
    return e2bSandbox({ ...account, name: account.domain, of: 'org', proxy, installation: orgId, egress });
  };
  return {
    for: (orgId) => ({
      async open(spec) {
        const placed = isPlacedByName(await readEngines(dataDir), orgId);
        const port = placed ? null : await own(orgId);
        if (port !== null) return port.open(spec);
        await admit(orgId);
        const settings = await readEngines(dataDir);
        const place = placeOfOrg(settings, orgId);
        return providerOf(settings, place, spec.repo).open(spec);
      },
    }),
    async reap() {
      const settings = await readEngines(dataDir);
      const named = settings.engines.filter(({ image }) => image !== null).map(({ name }) => name);
      const ports = [localPlace, ...named].map((place) => providerOf(settings, place));
      const ofOrgs = (await accounts?.orgs()) ?? [];
      const all = await Promise.allSettled([
        ...ports.map((port) => port.reap()),
        // What cannot be called for now ends by the service's own clock; and it is no reason to leave others uncleared.
        ...ofOrgs.map(async (orgId) => (await own(orgId))?.reap().catch(() => nothing) ?? nothing),
        // Of sandboxes that are counted where they are.
        sweepScratch().then(() => nothing),
      ]);
      const failed = all.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
      const reaped = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      return {
        sandboxes: reaped.reduce((sum, { sandboxes }) => sum + sandboxes, 0),
        processes: reaped.reduce((sum, { processes }) => sum + processes, 0),
      };
    },
  };
}

const nothing: Reaped = { sandboxes: 0, processes: 0 };

/** Runs one real command at a place, or where orgs without a place of their own run. */
export async function probePlace(dataDir: string, named?: string, repo?: string): Promise<SandboxHealth> {
  try {
    const settings = await readEngines(dataDir);
    return await providers({ dataDir })(settings, named ?? settings.use, repo).probe();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits: { ...noLimits } };
  }
}
