import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import type { Sandbox, SandboxHealth, SandboxLimits, SandboxPort, SandboxSpec } from '../../domain/ports/sandbox.ts';
import { limitsLine, sandboxArgs, sandboxEnv } from './bwrap-args.ts';
import { mendDevices, prepareGround, removePlot, type Ground, type Plot } from './ground.ts';
import { openLayer, type Layer } from './layer.ts';
import { blueprintOf } from './proof.ts';
import { hasFilter } from './seccomp.ts';
import type { Growth, Seed, Shell } from './seed.ts';
import { watchUsage } from './watchdog.ts';
import type { Weakness } from './weakness.ts';
import { openWorkspace } from './workspace.ts';

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
    open: async (spec) => openOn(await ground(), spec),
    probe: () => probe(ground),
  };
}

async function openOn(ground: Ground, spec: SandboxSpec): Promise<Sandbox> {
  const tree = await stat(spec.tree).catch(() => null);
  if (!tree?.isDirectory()) {
    throw new AppError('sandbox_unavailable', `The work tree of ${spec.id} is not there any more.`);
  }
  const plot = await ground.plot(spec.id);
  const steps = [() => removePlot(plot, !spec.writable), plot.fence.close];
  const release = async () => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  try {
    plot.fence.limit(spec.limits);
    const layer = spec.writable ? null : await openLayer({ dir: plot.dir, tree: spec.tree });
    if (layer) steps.push(layer.close);
    const growth = growthOf({ ground, spec, plot, layer });
    let planted: Seed | null = plot.seed;
    const start = async () => {
      const seed = planted ?? (await ground.seed(plot.fence));
      planted = null;
      return watched(seed.grow(growth), ground, spec.limits);
    };
    return await openWorkspace({ start, before: () => mendDevices(plot), release });
  } catch (error) {
    plot.seed.discard();
    await release();
    if (error instanceof AppError) throw error;
    throw new AppError('sandbox_unavailable', `A sandbox could not be made: ${String(error)}`);
  }
}

type Site = { ground: Ground; spec: SandboxSpec; plot: Plot; layer: Layer | null };

function growthOf({ ground, spec, plot, layer }: Site): Growth {
  const meant = sandboxArgs(ground.host, { work: layer?.work ?? spec.tree, devices: plot.devices });
  const holder = layer?.holder ?? null;
  const { weakness } = ground;
  return {
    walls: weakness.walls?.(meant) ?? meant,
    limits: limitsLine(spec.limits, ground.cgroups.holds.memoryBytes),
    holder,
    blueprint: weakness.unproven ? null : blueprintOf({ walls: meant, holder, env: sandboxEnv, filtered: hasFilter }),
  };
}

/** Where no control group holds a limit, somebody has to look. */
function watched(shell: Shell, ground: Ground, limits: SandboxLimits): Shell {
  const { processes, memoryBytes } = ground.cgroups.holds;
  if (processes && memoryBytes) return shell;
  const unwatch = watchUsage({ pid: shell.pid, limits, onExceeded: () => shell.stop('killed') });
  void shell.ended.then(unwatch);
  return shell;
}

const probeLimits = { processes: 64, fileBytes: 2 ** 20, memoryBytes: 2 ** 29 };
const probeCommand = ['id -u', 'node -v', 'git --version', 'rg --version', 'python3 -V', 'make --version']
  .map((command) => `${command} 2>&1 | head -n 1`)
  .join('; ');

async function probe(ground: () => Promise<Ground>): Promise<SandboxHealth> {
  const limits = { processes: false, fileBytes: false, memoryBytes: false };
  try {
    const found = await ground();
    const { processes, memoryBytes } = found.cgroups.holds;
    // A limit per user does not bind root, so without control groups the number of its processes is only watched.
    Object.assign(limits, { processes: processes || process.getuid?.() !== 0, fileBytes: true, memoryBytes });
    const tree = await mkdtemp(join(found.dir, 'probe-'));
    const sandbox = await openOn(found, { id: 'probe', tree, writable: true, limits: probeLimits });
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
  const watched = limits.memoryBytes ? '' : '; no control groups: memory is held per process and watched, not walled';
  return {
    ok: true,
    detail: `bubblewrap, no network, ${tools.length - missing.length} tools${lacking}${watched}`,
    limits,
  };
}
