import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecResult, SandboxHealth, SandboxPort } from '../../domain/ports/sandbox.ts';
import { directEgress, type EgressSettings } from '../egress/settings.ts';
import { prepareGround, type Ground } from './ground.ts';
import { openLocal, type Grounds } from './open-local.ts';
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
    const { processes, memoryBytes, cpus } = found.cgroups.holds;
    // A limit per user does not bind root, so without control groups the number of its processes is only watched.
    limits.processes = processes ? 'cgroup' : process.getuid?.() === 0 ? 'watchdog' : 'rlimit';
    limits.fileBytes = 'rlimit';
    limits.memoryBytes = memoryBytes ? 'cgroup' : 'rlimit';
    limits.diskBytes = 'watchdog';
    limits.cpus = cpus ? 'cgroup' : 'affinity';
    const result = await runProbe({ ground: found, egress });
    return judgeProbe(result, { what: 'bubblewrap', note: noteOn(limits), limits });
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits };
  }
}

async function runProbe(grounds: Grounds): Promise<ExecResult> {
  const tree = await mkdtemp(join(grounds.ground.dir, 'probe-'));
  try {
    const sandbox = await openLocal(grounds, { id: 'probe', tree, writable: true, limits: probeLimits });
    const signal = new AbortController().signal;
    const limits = { timeoutMs: 20_000, maxOutputBytes: 8192 };
    return await sandbox.exec({ command: probeCommand, ...limits, signal }).finally(sandbox.dispose);
  } finally {
    await rm(tree, { recursive: true });
  }
}

/** What an operator should know of how limits are held here. */
function noteOn({ memoryBytes, cpus }: SandboxHealth['limits']): string {
  const notes = [
    memoryBytes === 'cgroup' ? '' : 'no memory control group: held per process and watched, not walled',
    cpus === 'cgroup' ? '' : 'no cpu control group: held by the number of processors',
    process.getuid?.() === 0 ? 'Fleet runs as root: sandboxes have root’s kernel id behind their walls' : '',
  ];
  return notes.flatMap((note) => (note === '' ? [] : [`; ${note}`])).join('');
}
