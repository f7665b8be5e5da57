import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxHealth, SandboxPort } from '../../domain/ports/sandbox.ts';
import { directEgress, type EgressSettings } from '../egress/settings.ts';
import { prepareGround, type Ground } from './ground.ts';
import { openLocal } from './open-local.ts';
import { judgeProbe, noLimits, probeCommand, probeLimits } from './probe-command.ts';
import { reap } from './reap.ts';
import type { Weakness } from './weakness.ts';

/**
 * Sandboxes made with bubblewrap on this machine, for tenants who trust each other. `dataDir` holds throw-away layers and
 * pipes under `sandboxes/`; what a killed process left there is removed at the next start. `weakness` is for experiments.
 */
export function localSandbox(
  { dataDir, egress = directEgress }: { dataDir: string; egress?: EgressSettings },
  weakness: Weakness = {},
): SandboxPort {
  let prepared: Promise<Ground> | null = null;
  const ground = () => {
    prepared ??= prepareGround(join(dataDir, 'sandboxes'), weakness);
    // bubblewrap may be installed meanwhile: a failure is not remembered.
    prepared.catch(() => (prepared = null));
    return prepared;
  };
  return {
    provider: 'local',
    open: async (spec) => openLocal({ ground: await ground(), egress }, spec),
    probe: () => probe(ground, egress),
    reap: () => reap(join(dataDir, 'sandboxes')),
  };
}

async function probe(ground: () => Promise<Ground>, egress: EgressSettings): Promise<SandboxHealth> {
  const limits = { ...noLimits };
  try {
    const found = await ground();
    const { processes, memoryBytes } = found.cgroups.holds;
    // A limit per user does not bind root, so without control groups the number of its processes is only watched.
    limits.processes = processes ? 'cgroup' : process.getuid?.() === 0 ? 'watchdog' : 'rlimit';
    limits.fileBytes = 'rlimit';
    limits.memoryBytes = memoryBytes ? 'cgroup' : 'rlimit';
    const tree = await mkdtemp(join(found.dir, 'probe-'));
    const sandbox = await openLocal(
      { ground: found, egress },
      { id: 'probe', tree, writable: true, limits: probeLimits },
    );
    const signal = new AbortController().signal;
    const result = await sandbox.exec({ command: probeCommand, timeoutMs: 20_000, maxOutputBytes: 8192, signal });
    await sandbox.dispose();
    await rm(tree, { recursive: true });
    const watched =
      limits.memoryBytes === 'cgroup' ? '' : '; no control groups: memory is held per process and watched, not walled';
    return judgeProbe(result, { what: 'bubblewrap', note: watched, limits });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits };
  }
}
