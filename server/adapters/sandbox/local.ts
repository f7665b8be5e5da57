import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxHealth, SandboxPort } from '../../domain/ports/sandbox.ts';
import { prepareGround, type Ground } from './ground.ts';
import { openLocal } from './open-local.ts';
import { reap } from './reap.ts';
import type { Weakness } from './weakness.ts';

/**
 * Sandboxes made with bubblewrap on this machine, for tenants who trust each other. `dataDir` holds throw-away layers and
 * pipes under `sandboxes/`; what a killed process left there is removed at the next start. `weakness` is for experiments.
 */
export function localSandbox({ dataDir }: { dataDir: string }, weakness: Weakness = {}): SandboxPort {
  let prepared: Promise<Ground> | null = null;
  const ground = () => {
    prepared ??= prepareGround(join(dataDir, 'sandboxes'), weakness);
    // bubblewrap may be installed meanwhile: a failure is not remembered.
    prepared.catch(() => (prepared = null));
    return prepared;
  };
  return {
    provider: 'local',
    open: async (spec) => openLocal(await ground(), spec),
    probe: () => probe(ground),
    reap: () => reap(join(dataDir, 'sandboxes')),
  };
}

const probeLimits = { processes: 64, fileBytes: 2 ** 20, memoryBytes: 2 ** 29, diskBytes: 2 ** 26, cpus: 1 };
const probeCommand = ['id -u', 'node -v', 'git --version', 'rg --version', 'python3 -V', 'make --version']
  .map((command) => `${command} 2>&1 | head -n 1`)
  .join('; ');

async function probe(ground: () => Promise<Ground>): Promise<SandboxHealth> {
  const limits: SandboxHealth['limits'] = {
    processes: null,
    fileBytes: null,
    memoryBytes: null,
    diskBytes: null,
    cpus: null,
  };
  try {
    const found = await ground();
    const { processes, memoryBytes } = found.cgroups.holds;
    // A limit per user does not bind root, so without control groups the number of its processes is only watched.
    limits.processes = processes ? 'cgroup' : process.getuid?.() === 0 ? 'watchdog' : 'rlimit';
    limits.fileBytes = 'rlimit';
    limits.memoryBytes = memoryBytes ? 'cgroup' : 'rlimit';
    const tree = await mkdtemp(join(found.dir, 'probe-'));
    const sandbox = await openLocal(found, { id: 'probe', tree, writable: true, limits: probeLimits });
    const signal = new AbortController().signal;
    const result = await sandbox.exec({ command: probeCommand, timeoutMs: 20_000, maxOutputBytes: 8192, signal });
    await sandbox.dispose();
    await rm(tree, { recursive: true });
    return judge(Buffer.concat([result.head, result.tail]).toString().trim().split('\n'), limits);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error), limits };
  }
}

function judge([user, ...tools]: string[], limits: SandboxHealth['limits']): SandboxHealth {
  const missing = tools.filter((line) => line.includes('not found')).map((line) => line.split(': ').at(-2));
  if (user !== '1000') return { ok: false, detail: `A command in the sandbox did not work: ${user}`, limits };
  const lacking = missing.length > 0 ? `; not installed here: ${missing.join(', ')}` : '';
  const watched =
    limits.memoryBytes === 'cgroup' ? '' : '; no control groups: memory is held per process and watched, not walled';
  return {
    ok: true,
    detail: `bubblewrap, no network, ${tools.length - missing.length} tools${lacking}${watched}`,
    limits,
  };
}
