import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { AppError } from '../../../domain/errors.ts';
import type { ImageRequest, Job, Sandbox, SandboxMount, SandboxSpec } from '../../../domain/ports/sandbox.ts';
import { limitsLine, shellProgram } from '../bwrap-args.ts';
import { mustBeMountable } from '../mount-place.ts';
import { exportText } from '../shell-state.ts';
import { openWorkspace } from '../workspace.ts';
import type { EgressSettings } from '../../egress/settings.ts';
import { confined } from './confine.ts';
import { openContainerWayOut, type ContainerWayOut } from './container-way-out.ts';
import { containerOptions, labelsOf, mostProcesses, type ContainerRole, type Ground, type Owner, type ShownVolume } from './container-options.ts'; // prettier-ignore
import { openContainerShell, type ContainerShell } from './container-shell.ts';
import type { Engine } from './engine.ts';
import { gateProgram } from './gate.ts';
import { holderProgram, openHolder, type Holder } from './holder.ts';
import { openImageService } from './image-service.ts';
import { makeVolume, removeVolume } from './volumes.ts';
import { fillVolume, workVolume } from './work-volume.ts';

export type Yard = { engine: Engine; ground: Ground; installation: string; egress: EgressSettings };

/** One sandbox as it is being opened: what it stands on and what has to be undone, the last first. */
type Site = Yard & {
  spec: SandboxSpec;
  owner: Owner;
  volume: string;
  shown: ShownVolume[];
  holder: Holder | null;
  worlds: Set<ContainerShell>;
  removals: Set<Promise<void>>;
  steps: (() => Promise<unknown>)[];
};

/** Throws `sandbox_unavailable` and leaves nothing behind. */
export async function openContainer(yard: Yard, spec: SandboxSpec): Promise<Sandbox> {
  await mustBeOpenable(spec);
  const own = exportText(spec.env ?? {});
  const sandbox = randomUUID();
  const owner = { installation: yard.installation, sandbox, run: spec.id };
  const fresh = { volume: `fleet-${sandbox}`, shown: [], holder: null, worlds: new Set<ContainerShell>() };
  const site: Site = { ...yard, ...fresh, spec, owner, removals: new Set(), steps: [] };
  try {
    const way = await prepare(site);
    const work = spec.writable ? await workVolume({ make: () => makeHelper(site), limits: spec.limits }) : null;
    const opened = await openWorkspace({
      make: () => makeWorld(site),
      shareNet: () => Promise.resolve(),
      before: () => mustHold(site),
      exports: exportText(way.env) + own,
      cpuSeconds: () => null,
      snapshot: async () => {
        await work?.bringTo(spec.tree);
        return spec.tree;
      },
      fork: async (next) => {
        const copy = work ?? (await workVolume({ make: () => makeHelper(site), limits: spec.limits }));
        await copy.copyTo(next.tree);
        return openContainer(yard, next);
      },
      release: () => release(site),
    });
    return { ...opened, image: yard.ground.image, startImage: (request) => startImage(site, request) };
  } catch (error) {
    await release(site).catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError('sandbox_unavailable', `A sandbox could not be made: ${String(error)}`);
  }
}

export async function mustBeOpenable(spec: SandboxSpec): Promise<void> {
  const tree = await stat(spec.tree).catch(() => null);
  if (!tree?.isDirectory()) {
    throw new AppError('sandbox_unavailable', `The work tree of ${spec.id} is not there any more.`);
  }
  (spec.mounts ?? []).forEach(mustBeMountable);
}

const noWayOut: ContainerWayOut = { env: {}, mounts: [] };

async function prepare(site: Site): Promise<ContainerWayOut> {
  const { engine, owner, spec, steps, egress: settings } = site;
  const volumeLabels = labelsOf(owner, 'volume');
  await makeVolume(engine, site.volume, volumeLabels);
  steps.push(() => removeVolume(engine, site.volume));
  site.holder = await openHolder({
    open: (up) => openHelper(site, { role: 'holder', program: holderProgram, net: null }, up),
    busy: () => site.worlds.size > 1,
    onTreeBytes: (bytes) => {
      if (bytes > spec.limits.diskBytes) for (const world of site.worlds) world.stop('killed', 'diskBytes');
    },
  });
  steps.push(site.holder.close);
  const egress = spec.egress ?? null;
  const net = site.holder.id;
  const gate = (up: RegExp) => openHelper(site, { role: 'gate', program: gateProgram, net }, up);
  const way = egress === null ? noWayOut : await openContainerWayOut({ egress, settings, open: gate, steps });
  await fillVolume({ make: () => makeHelper(site) }, spec.tree);
  const mounts = [...(spec.mounts ?? []), ...way.mounts];
  for (const [at, mount] of mounts.entries()) site.shown.push(await showFolder(site, mount, at));
  return way;
}

/** A host folder as a volume of its own: the engine may be on another host. */
async function showFolder(site: Site, { from, to }: SandboxMount, at: number): Promise<ShownVolume> {
  const { engine, owner, steps } = site;
  const found = await stat(from).catch(() => null);
  if (!found?.isDirectory()) {
    throw new AppError('sandbox_unavailable', `${JSON.stringify(from)} is no folder that a container could be shown.`);
  }
  const volume = await makeVolume(engine, `${site.volume}-${at}`, labelsOf(owner, 'volume'));
  steps.push(() => removeVolume(engine, volume));
  await fillVolume({ make: () => makeHelper({ ...site, volume, shown: [] }) }, from);
  return { volume, to };
}

async function release(site: Site): Promise<void> {
  const { worlds, removals, steps } = site;
  const ending = [...worlds];
  for (const world of ending) world.stop('killed');
  await Promise.all(ending.map(({ ended }) => ended));
  await Promise.all([...removals]);
  for (const step of steps.splice(0).reverse()) {
    await step();
    // A volume goes only once the containers that have it are gone.
    await Promise.all([...removals]);
  }
}

/** A sandbox that has lost its holder has lost its network, and soon its containers: nothing more is run there. */
function mustHold({ holder, engine }: Site): void {
  if (holder?.alive()) return;
  throw new AppError(
    'sandbox_unavailable',
    `The container engine ${engine.address.name} has let go of this sandbox: it, or the connection to it, was restarted.`,
  );
}

/** It ends with the sandbox; a worker that is gone leaves it to the reaper, by its label. */
async function startImage(site: Site, request: ImageRequest): Promise<Job> {
  mustHold(site);
  const { engine, ground, owner, spec, removals, worlds } = site;
  const beside = { engine, ground, owner, limits: spec.limits, net: site.holder!.id, onRemoval: remembered(removals) };
  const { job, shell } = await openImageService(beside, request);
  worlds.add(shell);
  void shell.ended.then(() => worlds.delete(shell));
  return job;
}

type Purpose = { role: ContainerRole; program: string[]; net: string | null };

function options(site: Site, { role, program, net }: Purpose) {
  const { ground, owner, spec, volume, shown } = site;
  const command = confined(program, ground);
  if (command === null) {
    throw new AppError('sandbox_unavailable', `Fleet has no system call filter for ${ground.arch} processors.`);
  }
  const readOnly = role !== 'world';
  return containerOptions({ ground, owner, role, limits: spec.limits, command, volume, shown, readOnly, net });
}

/** A world for one command of an agent. */
async function makeWorld(site: Site): Promise<ContainerShell> {
  mustHold(site);
  const { limits } = site.spec;
  const { held } = site.ground;
  const line = limitsLine({ ...limits, processes: mostProcesses(site.ground, limits) }, held.memoryBytes);
  try {
    return await openWorld(site, line);
  } catch (error) {
    // The engine's own words for a holder that ended meanwhile tell nobody what happened.
    mustHold(site);
    throw error;
  }
}

/** A world for one script of ours that moves files. */
function makeHelper(site: Site): Promise<ContainerShell> {
  return openWorld(site, `unlimited ${mostProcesses(site.ground, site.spec.limits)} unlimited`);
}

/** What serves a sandbox's commands and is none of them. */
function openHelper(site: Site, purpose: Purpose, up: RegExp): Promise<ContainerShell> {
  const { engine, removals } = site;
  return openContainerShell({ engine, options: options(site, purpose), up, line: '', onRemoval: remembered(removals) });
}

function remembered(removals: Set<Promise<void>>) {
  return (removal: Promise<void>) => {
    const settled = removal.catch(() => undefined).finally(() => removals.delete(settled));
    removals.add(settled);
  };
}

async function openWorld(site: Site, line: string): Promise<ContainerShell> {
  const { engine, worlds, removals, holder } = site;
  const shell = await openContainerShell({
    engine,
    options: options(site, { role: 'world', program: shellProgram.args, net: holder?.id ?? null }),
    up: shellProgram.up,
    line,
    onRemoval: remembered(removals),
  });
  worlds.add(shell);
  void shell.ended.then(() => worlds.delete(shell));
  return shell;
}
