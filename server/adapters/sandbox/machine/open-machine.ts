import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { stat } from 'node:fs/promises';
import { AppError } from '../../../domain/errors.ts';
import type { Sandbox, SandboxMount, SandboxSpec } from '../../../domain/ports/sandbox.ts';
import type { EgressSettings } from '../../egress/settings.ts';
import { limitsLine, sandboxEnv, shellProgram } from '../bwrap-args.ts';
import type { ContainerShell } from '../docker/container-shell.ts';
import { openContainerWayOut } from '../docker/container-way-out.ts';
import { gateProgram } from '../docker/gate.ts';
import { holderProgram, openHolder } from '../docker/holder.ts';
import { packTree } from '../docker/host-tree.ts';
import { mustBeOpenable } from '../docker/open-container.ts';
import { fillVolume, workVolume } from '../docker/work-volume.ts';
import { exportText } from '../shell-state.ts';
import { openWorkspace } from '../workspace.ts';
import type { Machine } from './machine.ts';
import { openMux, type Mux } from './mux.ts';
import { prepareScript, rootProgram, showProgram, worldProgram, type MachineGround } from './world.ts';

export type MachineYard = {
  /** The operator's name for where machines come from. */
  name: string;
  egress: EgressSettings;
  /** What machines are made of. */
  image?: string;
  /** A new machine. Throws `sandbox_unavailable`. */
  make(spec: SandboxSpec): Promise<Machine>;
};

type Site = MachineYard & {
  spec: SandboxSpec;
  machine: Machine;
  mux: Mux;
  ground: MachineGround;
  worlds: Set<ContainerShell>;
  steps: (() => Promise<unknown>)[];
};

/** A sandbox in a machine of its own. Throws `sandbox_unavailable` and leaves nothing behind. */
export async function openMachine(yard: MachineYard, spec: SandboxSpec): Promise<Sandbox> {
  await mustBeOpenable(spec);
  const own = exportText(spec.env ?? {});
  const machine = await yard.make(spec);
  const steps: Site['steps'] = [() => machine.close()];
  try {
    const mux = await openMux(machine);
    const site: Site = { ...yard, spec, machine, mux, ground: await survey(mux), worlds: new Set(), steps };
    const way = await prepare(site);
    const make = async () => openWorld(site, 'unlimited 8192 unlimited');
    const work = spec.writable ? await workVolume({ make, limits: spec.limits }) : null;
    const opened = await openWorkspace({
      make: async () => openWorld(site, limitsLine(spec.limits, false)),
      shareNet: () => Promise.resolve(),
      before: () => mustLive(site),
      exports: exportText(way.env) + own,
      cpuSeconds: () => null,
      snapshot: async () => {
        await work?.bringTo(spec.tree);
        return spec.tree;
      },
      fork: async (next) => {
        await (work ?? (await workVolume({ make, limits: spec.limits }))).copyTo(next.tree);
        return openMachine(yard, next);
      },
      release: () => release(site),
    });
    return { ...opened, image: yard.image };
  } catch (error) {
    for (const step of steps.splice(0).reverse()) await step().catch(() => undefined);
    if (error instanceof AppError) throw error;
    throw new AppError('sandbox_unavailable', `A sandbox could not be made: ${String(error)}`);
  }
}

async function survey(mux: Mux): Promise<MachineGround> {
  const text = await asRoot(mux, rootProgram(prepareScript), null);
  const [arch = ''] = text.trim().split('\n');
  return { arch, env: sandboxEnv };
}

async function prepare(site: Site) {
  const { spec, steps, egress: settings } = site;
  const holder = await openHolder({
    // As root: it measures the tree, of which an agent may shut folders. Nothing of the agent's runs in it.
    open: async (up) => site.mux.start(holderProgram, { up, line: '' }),
    busy: () => site.worlds.size > 1,
    onTreeBytes: (bytes) => {
      if (bytes > spec.limits.diskBytes) for (const world of site.worlds) world.stop('killed', 'diskBytes');
    },
  });
  steps.push(holder.close);
  const egress = spec.egress ?? null;
  const open = async (up: RegExp) => startWorld(site, gateProgram, { up, line: '' });
  const way = egress === null ? nothing : await openContainerWayOut({ egress, settings, open, steps });
  await fillVolume({ make: async () => openWorld(site, 'unlimited 8192 unlimited') }, spec.tree);
  for (const mount of [...(spec.mounts ?? []), ...way.mounts]) await show(site.mux, mount);
  return way;
}

const nothing = { env: {}, mounts: [] as SandboxMount[] };

async function show(mux: Mux, mount: SandboxMount): Promise<void> {
  const found = await stat(mount.from).catch(() => null);
  if (!found?.isDirectory()) {
    throw new AppError(
      'sandbox_unavailable',
      `${JSON.stringify(mount.from)} is no folder that a machine could be shown.`,
    );
  }
  const { archive, ended } = packTree(mount.from);
  await asRoot(mux, showProgram(mount), archive);
  await ended;
}

const rootMs = 10 * 60_000;
const mostRootText = 65_536;

/** Runs a program of ours as root to its end, and gives what it printed. A machine that makes no end of either is refused. */
async function asRoot(mux: Mux, args: string[], input: Readable | null): Promise<string> {
  const shell = mux.start(args, { up: /(?!)/u, line: null });
  const { promise: refused, reject } = Promise.withResolvers<never>();
  const refuse = (why: string) => {
    shell.stop('killed');
    reject(new AppError('sandbox_unavailable', `The machine of the sandbox could not be prepared: ${why}.`));
  };
  const timer = setTimeout(() => refuse('it took too long'), rootMs);
  let text = '';
  shell.output.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(0, mostRootText + 1);
    if (text.length > mostRootText) refuse('it said too much');
  });
  if (input === null) shell.write(Buffer.alloc(0), true);
  else pipeline(input, shell.input).catch(() => undefined);
  try {
    const { code } = await Promise.race([shell.ended, refused]);
    if (code !== 0) await shell.ready();
    return text;
  } finally {
    clearTimeout(timer);
  }
}

function mustLive({ mux, name }: Site): void {
  if (mux.alive()) return;
  throw new AppError(
    'sandbox_unavailable',
    `The machine that ${name} gave to this sandbox is gone. Start the stage again.`,
  );
}

function openWorld(site: Site, line: string): ContainerShell {
  mustLive(site);
  const shell = startWorld(site, shellProgram.args, { up: shellProgram.up, line });
  site.worlds.add(shell);
  void shell.ended.then(() => site.worlds.delete(shell));
  return shell;
}

function startWorld({ mux, ground }: Site, program: string[], options: { up: RegExp; line: string }): ContainerShell {
  const args = worldProgram(program, ground);
  if (args !== null) return mux.start(args, options);
  throw new AppError('sandbox_unavailable', `Fleet has no system call filter for ${ground.arch} processors.`);
}

async function release({ worlds, steps }: Site): Promise<void> {
  const ending = [...worlds];
  for (const world of ending) world.stop('killed');
  await Promise.all(ending.map(({ ended }) => ended));
  for (const step of steps.splice(0).reverse()) await step();
}
