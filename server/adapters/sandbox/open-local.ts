import { mkdir, readdir, stat } from 'node:fs/promises';
import { AppError } from '../../domain/errors.ts';
import type { Sandbox, SandboxLimits, SandboxMount, SandboxSpec } from '../../domain/ports/sandbox.ts';
import type { EgressSettings } from '../egress/settings.ts';
import type { Overruns } from './cgroups.ts';
import { limitsLine, sandboxArgs, sandboxEnv, shellProgram } from './bwrap-args.ts';
import { copyTree } from './copy-tree.ts';
import { mendDevices, removePlot, type Ground, type Plot } from './ground.ts';
import { heldLayer, openLayer, type Layer } from './layer.ts';
import { mustBeMountable } from './mount-place.ts';
import { netProgram, openNetWorld, type NetWorld } from './net-world.ts';
import { blueprintOf } from './proof.ts';
import { hasFilter } from './seccomp.ts';
import type { Entry, Growth, Seed } from './seed.ts';
import type { Shell } from './shell.ts';
import { exportText } from './shell-state.ts';
import { cpusFor } from './cpus.ts';
import { mustHaveRoom, watchDisk } from './disk-watch.ts';
import { watchUsage } from './watchdog.ts';
import { toBytes } from '../workspaces/bytes-path.ts';
import { layerStates, tellsWrites } from '../workspaces/layer-state.ts';
import { openWayOut, type WayOut } from './way-out.ts';
import { openWorkspace } from './workspace.ts';

/** One sandbox as it is being opened: what it stands on and what has to be undone, the last first. */
type Site = {
  grounds: Grounds;
  ground: Ground;
  spec: SandboxSpec;
  plot: Plot;
  layer: Layer | null;
  /** The processors its worlds may run on, where nothing better holds their time. */
  cpus: string | null;
  shells: Set<Shell>;
  steps: (() => unknown)[];
};

/** What all sandboxes of a provider stand on. */
export type Grounds = { ground: Ground; egress: EgressSettings };

/** Throws `sandbox_unavailable` and leaves nothing behind. */
export async function openLocal(grounds: Grounds, spec: SandboxSpec): Promise<Sandbox> {
  const { ground } = grounds;
  const { exports, mounts } = await readSpec(spec);
  const plot = await ground.plot(spec.id);
  const site: Site = {
    grounds,
    ground,
    spec,
    plot,
    layer: null,
    cpus: ground.cgroups.holds.cpus ? null : cpusFor(spec.limits.cpus),
    shells: new Set(),
    steps: [() => removePlot(plot, !spec.writable), plot.fence.close],
  };
  try {
    plot.fence.limit(spec.limits);
    site.layer = spec.writable ? heldLayer(spec.tree) : await openLayer({ dir: plot.dir, tree: spec.tree });
    if (site.layer) site.steps.push(site.layer.close);
    site.steps.push(diskWatch(site));
    const { net, way } = await openNet(site);
    return await openWorkspace({
      make: shellMaker(site, { net: net.entry, mounts: [...mounts, ...way.mounts] }),
      shareNet: net.share,
      before: () => mendDevices(plot),
      exports: exportText(way.env) + exports,
      cpuSeconds: () => null,
      snapshot: () => Promise.resolve(spec.tree),
      ...(await layerLook(site)),
      fork: (next) => fork(site, next),
      release: () => release(site),
    });
  } catch (error) {
    plot.seed.discard();
    await release(site);
    if (error instanceof AppError) throw error;
    throw new AppError('sandbox_unavailable', `A sandbox could not be made: ${wordsOf(error, plot.dir)}`);
  }
}

/** What is written to a tree that lies in layers lies in the topmost one; those below are the host's, and stay as they are. */
async function layerLook({ spec, layer }: Site): Promise<Pick<Sandbox, 'treeState'>> {
  if (!spec.writable || layer?.holder == null) return {};
  const written = toBytes(layer.written);
  if (!(await tellsWrites(written))) return {};
  const state = layerStates(written);
  return { treeState: () => state(Date.now()) };
}

function wordsOf(error: unknown, dir: string): string {
  const full = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
  return full ? `the disk that holds ${dir} is full. Free some space and try again.` : String(error);
}

/** Throws `sandbox_unavailable` for what cannot be made, before anything is. */
async function readSpec({ id, tree, env = {}, mounts = [] }: SandboxSpec) {
  const found = await stat(tree).catch(() => null);
  if (!found?.isDirectory()) {
    throw new AppError('sandbox_unavailable', `The work tree of ${id} is not there any more.`);
  }
  mounts.forEach(mustBeMountable);
  await mustHaveRoom(tree);
  return { exports: exportText(env), mounts };
}

const noWayOut: WayOut = { socket: null, env: {}, mounts: [], close: () => Promise.resolve() };

async function openNet(site: Site): Promise<{ net: SharedNet; way: WayOut }> {
  const { grounds, ground, spec, plot, steps } = site;
  const { egress: weakness } = ground.weakness;
  const way = spec.egress ? await openWayOut(plot.dir, spec.egress, grounds.egress, weakness) : noWayOut;
  steps.push(way.close);
  const net = sharedNet(site, way);
  if (way.socket !== null) await net.share();
  return { net, way };
}

async function release({ steps }: Site): Promise<void> {
  for (const step of steps.splice(0).reverse()) await step();
}

/** The loopback that commands and jobs share once there is a reason to. */
type SharedNet = { entry(): Entry | null; share(): Promise<void> };

function sharedNet({ ground, plot, layer, steps }: Site, { socket }: WayOut): SharedNet {
  let opening: Promise<NetWorld> | null = null;
  let opened: NetWorld | null = null;
  const open = async () => {
    const seed = await ground.seed(plot.fence, netProgram(socket));
    opened = await openNetWorld({
      host: ground.host,
      seed,
      holder: layer?.holder ?? null,
      socket,
    });
    return opened;
  };
  steps.push(async () => (await opening?.catch(() => null))?.close());
  return {
    entry: () => opened?.entry ?? null,
    share: async () => {
      opening ??= open();
      opening.catch(() => (opening = null));
      await opening;
    },
  };
}

function shellMaker(
  site: Site,
  { net, mounts }: { net: () => Entry | null; mounts: SandboxMount[] },
): () => Promise<Shell> {
  const { ground, spec, plot, layer, cpus } = site;
  let planted: Seed | null = plot.seed;
  const holder = layer?.holder ?? null;
  const held = holder === null ? null : { user: holder, mount: holder, net: null };
  return async () => {
    const seed = planted ?? (await ground.seed(plot.fence, shellProgram));
    planted = null;
    const entry = net();
    const meant = sandboxArgs(ground.host, {
      work: layer?.work ?? spec.tree,
      devices: plot.devices,
      mounts,
      sharesNet: entry !== null,
    });
    const { weakness } = ground;
    const plan = { walls: meant, holder, env: sandboxEnv, filtered: hasFilter };
    const growth: Growth = {
      walls: weakness.walls?.(meant) ?? meant,
      line: limitsLine(spec.limits, ground.cgroups.holds.memoryBytes),
      entry: entry ?? held,
      cpus,
      blueprint: weakness.unproven ? null : blueprintOf(plan),
    };
    return watched(seed.grow(growth), site);
  };
}

/** Ends what runs when too much has been written. */
function diskWatch({ spec, layer, shells }: Site): () => void {
  const { diskBytes: limitBytes } = spec.limits;
  const place = { holder: layer?.holder ?? null, path: layer?.written ?? spec.tree };
  const onExceeded = async () => {
    const ending = [...shells];
    for (const shell of ending) shell.stop('killed', 'diskBytes');
    await Promise.all(ending.map(({ ended }) => ended));
  };
  return watchDisk({ place, limitBytes, onExceeded });
}

/** Knows which limit a command went over. Where no control group holds one, somebody has to look. */
function watched(shell: Shell, { ground, plot, spec, shells }: Site): Shell {
  const { processes, memoryBytes } = ground.cgroups.holds;
  let before: Overruns | null = null;
  const onExceeded = (limit: keyof SandboxLimits) => shell.stop('killed', limit);
  const unwatch =
    processes && memoryBytes ? () => undefined : watchUsage({ pid: shell.pid, limits: spec.limits, onExceeded });
  shells.add(shell);
  const ended = shell.ended.then((exit) => {
    unwatch();
    shells.delete(shell);
    const exceeded = exit.exceeded ?? (before && grownIn(before, plot.fence.overruns()));
    return exceeded ? { ...exit, exceeded } : exit;
  });
  const write: Shell['write'] = (bytes, last) => {
    before ??= plot.fence.overruns();
    shell.write(bytes, last);
  };
  return { ...shell, write, ended };
}

function grownIn(before: Overruns, after: Overruns): keyof Overruns | null {
  if (after.memoryBytes > before.memoryBytes) return 'memoryBytes';
  return after.processes > before.processes ? 'processes' : null;
}

async function fork({ grounds, ground, spec, plot, layer }: Site, next: SandboxSpec): Promise<Sandbox> {
  await mkdir(next.tree, { recursive: true });
  if ((await readdir(next.tree)).length > 0) {
    throw new AppError('sandbox_unavailable', `The folder for the copy of ${spec.id} is not empty.`);
  }
  const seed = await ground.seed(plot.fence, shellProgram);
  await copyTree({
    host: ground.host,
    seed,
    from: layer?.work ?? spec.tree,
    holder: layer?.holder ?? null,
    to: next.tree,
  });
  return openLocal(grounds, next);
}
