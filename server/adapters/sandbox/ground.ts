import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { shellProgram, type Program } from './bwrap-args.ts';
import { findCgroups, noCgroups, openFence, type Cgroups, type Fence } from './cgroups.ts';
import { mustMeasure } from './disk-watch.ts';
import { deviceMinors, lookAtHost, type Host } from './host.ts';
import { removeWritten } from './layer.ts';
import { pipePool } from './pipes.ts';
import { seccompFilter } from './seccomp.ts';
import { lifeOf } from './life.ts';
import { sweepFolders } from './reap.ts';
import { plantSeed, type Seed } from './seed.ts';
import { spawner } from './spawner.ts';
import type { Weakness } from './weakness.ts';

/**
 * One sandbox's place on the host: its folder, its copy of the private device nodes, its control groups, and a process
 * that already waits in them for the first command.
 */
export type Plot = { dir: string; devices: string | null; fence: Fence; seed: Seed };

/** What all sandboxes of one provider share. */
export type Ground = {
  dir: string;
  host: Host;
  cgroups: Cgroups;
  weakness: Weakness;
  /** A fresh place; its folder's name starts with `id`. */
  plot(id: string): Promise<Plot>;
  /** One more process in a sandbox's control groups. */
  seed(fence: Fence, program: Program): Promise<Seed>;
};

/** Looks at the host, lays out a folder for this process under `root` and removes those of processes that are gone. */
export async function prepareGround(root: string, weakness: Weakness): Promise<Ground> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await sweepFolders(root);
  const dir = await mkdtemp(join(root, `${lifeOf(process.pid)}.`));
  const [host, cgroups] = await Promise.all([lookAtHost(dir), weakness.ungrouped ? noCgroups : findCgroups()]);
  await mustMeasure(dir);
  const bytes = weakness.unfiltered ? null : seccompFilter(process.arch, { pinned: !cgroups.holds.cpus });
  const filter = join(dir, 'filter.bpf');
  if (bytes) await writeFile(filter, bytes);
  const soil = {
    host,
    filter: bytes ? filter : null,
    pipes: pipePool(join(dir, 'pipes')),
    spawner: spawner({ inherited: host.inherited, passes: weakness.inherits === true }),
    weakness,
  };
  const seed = (fence: Fence, program: Program) => plantSeed({ ...soil, groups: fence.enter }, program);
  const make = async (): Promise<Plot> => {
    const fence = openFence(cgroups);
    const made = mkdtemp(join(dir, 'next-'));
    const [folder, first] = await Promise.all([
      made,
      seed(fence, shellProgram),
      made.then((place) => copyDevices(host, place)),
    ]);
    return { dir: folder, devices: host.devices === null ? null : join(folder, 'dev'), fence, seed: first };
  };
  return { dir, host, cgroups, weakness, seed, plot: madeAhead(make) };
}

async function copyDevices({ devices }: Host, place: string): Promise<void> {
  if (devices !== null) await promisify(execFile)('cp', ['-a', '--', devices, join(place, 'dev')]);
}

const aheadMs = 50;

/** One place is always made ahead: processes, nodes and groups take their time, and opening should not wait for them. */
function madeAhead(make: () => Promise<Plot>): Ground['plot'] {
  let ahead: Promise<Plot> | null = make();
  return async (id) => {
    const mine = ahead ?? make();
    ahead = null;
    // Not now, when the sandbox wants the processors.
    setTimeout(() => {
      ahead ??= make();
      // A failure shows when the place is wanted.
      ahead.catch(() => undefined);
    }, aheadMs).unref();
    const plot = await mine;
    const dir = plot.dir.replace(/next-(\w+)$/u, `${id.replaceAll(/[^\w-]/gu, '_').slice(0, 64)}.$1`);
    await rename(plot.dir, dir);
    return { ...plot, dir, devices: plot.devices === null ? null : join(dir, 'dev') };
  };
}

export async function removePlot({ dir }: Plot, written: boolean): Promise<void> {
  await (written ? removeWritten(dir) : rm(dir, { recursive: true, force: true }));
}

/** A command may take the modes of its sandbox's device nodes away; the next one finds them whole. */
export function mendDevices({ devices }: Plot): void {
  if (devices === null) return;
  for (const name of Object.keys(deviceMinors)) chmodSync(join(devices, name), 0o666);
}
