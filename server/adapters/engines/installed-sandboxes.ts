import { localPlace, placeOfOrg } from '../../domain/engines/engine-settings.ts';
import type { SandboxHealth } from '../../domain/ports/sandbox.ts';
import type { Sandboxes } from '../../domain/ports/sandboxes.ts';
import type { EgressSettings } from '../egress/settings.ts';
import { noLimits } from '../sandbox/probe-command.ts';
import { readEngines } from './engine-file.ts';
import { providers } from './providers.ts';

type Parts = {
  dataDir: string;
  /** Asked before every sandbox; throws where the org's work may not run on the kernel it would get. */
  admit(orgId: string): Promise<void>;
  /** The network that sandboxes stand in. */
  egress?: EgressSettings;
};

/** Sandboxes where the operator says, read anew for each: a change counts from the next sandbox on. */
export function installedSandboxes({ admit, ...grounds }: Parts): Sandboxes {
  const { dataDir } = grounds;
  const providerOf = providers(grounds);
  return {
    for: (orgId) => ({
      async open(spec) {
        await admit(orgId);
        const settings = await readEngines(dataDir);
        const place = placeOfOrg(settings, orgId);
        return providerOf(settings, place, spec.repo).open(spec);
      },
    }),
    async reap() {
      const settings = await readEngines(dataDir);
      const named = settings.engines.filter(({ image }) => image !== null).map(({ name }) => name);
      const all = await Promise.allSettled([localPlace, ...named].map((place) => providerOf(settings, place).reap()));
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

/** Runs one real command at a place, or where orgs without a place of their own run. */
export async function probePlace(dataDir: string, named?: string, repo?: string): Promise<SandboxHealth> {
  try {
    const settings = await readEngines(dataDir);
    return await providers({ dataDir })(settings, named ?? settings.use, repo).probe();
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits: { ...noLimits } };
  }
}
