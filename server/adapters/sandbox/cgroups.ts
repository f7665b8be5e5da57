import { execFile } from 'node:child_process';
import { accessSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxLimits } from '../../domain/ports/sandbox.ts';
import { isOver, lifeOf } from './life.ts';

const kinds = ['processes', 'memoryBytes', 'cpus'] as const;
type Kind = (typeof kinds)[number];

/** A group of the host's in which Fleet may make its own, and what it holds there. */
type Group = { base: string; version: 1 | 2; holds: Kind[] };

/** The host's control groups in which Fleet may make folders; empty where it may not. `swept`: processes that were left. */
export type Cgroups = { groups: Group[]; holds: Record<Kind, boolean>; swept: number };

/** How often the sandbox ran into a limit so far. */
export type Overruns = Record<'processes' | 'memoryBytes', number>;

/** One sandbox's control groups. A process that writes `0` to each of `enter` is held by them, with its children. */
export type Fence = {
  enter: string[];
  limit(limits: SandboxLimits): void;
  overruns(): Overruns;
  close(): Promise<void>;
};

const mountPoint = '/sys/fs/cgroup';
const cpuPeriodUs = 100_000;

const files: Record<Kind, Record<1 | 2, string>> = {
  processes: { 1: 'pids.max', 2: 'pids.max' },
  memoryBytes: { 1: 'memory.limit_in_bytes', 2: 'memory.max' },
  cpus: { 1: 'cpu.cfs_quota_us', 2: 'cpu.max' },
};
const swapFiles = { 1: 'memory.memsw.limit_in_bytes', 2: 'memory.swap.max' };
/** A line of each counts what the kernel refused or ended for the limit. */
const overrunLines: Record<keyof Overruns, Record<1 | 2, { file: string; line: RegExp }>> = {
  processes: { 1: { file: 'pids.events', line: /^max (\d+)/mu }, 2: { file: 'pids.events', line: /^max (\d+)/mu } },
  memoryBytes: {
    1: { file: 'memory.oom_control', line: /^oom_kill (\d+)/mu },
    2: { file: 'memory.events', line: /^oom_kill (\d+)/mu },
  },
};

/**
 * The owner in a group's name: its process, as `lifeOf` names it, in the pid namespace that knows it by that number.
 * Groups may be shared by containers that do not see each other's processes.
 */
const pidNamespace = `in${readlinkSync('/proc/self/ns/pid').replaceAll(/\D/gu, '')}`;
const prefix = `fleet-${pidNamespace}-${lifeOf(process.pid)}-`;

export const noCgroups: Cgroups = {
  groups: [],
  holds: { processes: false, memoryBytes: false, cpus: false },
  swept: 0,
};

/** Version 1 has a tree per controller, version 2 one tree for all; each candidate is proved by moving a process. */
export async function findCgroups(): Promise<Cgroups> {
  const groups: Group[] = [];
  const lacking = new Set<Kind>(kinds);
  for (const { base, version, holds } of candidateGroups()) {
    const wanted = holds.filter((kind) => lacking.has(kind));
    const proved = wanted.length > 0 ? await provedIn({ base, version, holds: wanted }) : [];
    if (proved.length > 0) groups.push({ base, version, holds: proved });
    for (const kind of proved) lacking.delete(kind);
  }
  const swept = groups.map(({ base }) => sweep(base)).reduce((sum, count) => sum + count, 0);
  const holds = { processes: false, memoryBytes: false, cpus: false };
  for (const kind of kinds) holds[kind] = !lacking.has(kind);
  return { groups, holds, swept };
}

function candidateGroups(): Group[] {
  const lines = readFileSync('/proc/self/cgroup', 'latin1').trim().split('\n');
  const controllers: Record<string, Kind> = { pids: 'processes', memory: 'memoryBytes', cpu: 'cpus' };
  return lines.flatMap((line): Group[] => {
    const [, names = '', path = '/'] = /^\d+:([^:]*):(.*)$/u.exec(line) ?? [];
    const places = path === '/' ? [''] : [path, ''];
    if (names === '') return places.map((place) => ({ base: mountPoint + place, version: 2, holds: [...kinds] }));
    const holds = names.split(',').flatMap((name) => controllers[name] ?? []);
    return places.map((place) => ({ base: join(mountPoint, names) + place, version: 1, holds }));
  });
}

let probed = 0;

/** Which of its controllers are there, in a group of our own that a process can be moved into. */
async function provedIn({ base, version, holds }: Group): Promise<Kind[]> {
  probed += 1;
  const dir = join(base, `${prefix}probe${probed}`);
  try {
    mkdirSync(dir);
    await promisify(execFile)('/bin/sh', ['-c', 'echo 0 > "$1"', 'sh', join(dir, 'cgroup.procs')]);
    return holds.filter((kind) => isThere(join(dir, files[kind][version])));
  } catch {
    return [];
  } finally {
    await remove(dir);
  }
}

function isThere(file: string): boolean {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
}

/** Groups of workers that are gone, with whatever a kill in the middle of a start left in them; and those of ours that stayed. */
function sweep(base: string): number {
  for (const dir of stuck) removeNow(dir);
  let killed = 0;
  for (const name of readdirSync(base)) {
    const [, namespace, life] = /^fleet-(in\d+)-(\d+-\d+)-\w+$/u.exec(name) ?? [];
    if (life === undefined || namespace !== pidNamespace || !isOver(life)) continue;
    const dir = join(base, name);
    try {
      for (const left of readFileSync(join(dir, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean)) {
        process.kill(Number(left), 'SIGKILL');
        killed += 1;
      }
    } catch {
      // It ended by itself meanwhile.
    }
    // Where the last process is still on its way out, a later sweep finds the group empty.
    removeNow(dir);
  }
  return killed;
}

let opened = 0;

/** Throws when the host refuses; a sandbox without its promised limits must not start. */
export function openFence({ groups }: Cgroups): Fence {
  opened += 1;
  const fences = groups.map((group) => ({ ...group, dir: join(group.base, `${prefix}${opened}`) }));
  for (const { dir } of fences) mkdirSync(dir);
  const count = (kind: keyof Overruns) => {
    const fence = fences.find(({ holds }) => holds.includes(kind));
    if (fence === undefined) return 0;
    const { file, line } = overrunLines[kind][fence.version];
    return Number(line.exec(textOf(join(fence.dir, file)))?.[1] ?? 0);
  };
  return {
    enter: fences.map(({ dir }) => join(dir, 'cgroup.procs')),
    limit: (limits) => {
      for (const fence of fences) for (const kind of fence.holds) writers[kind](fence, limits);
    },
    overruns: () => ({ processes: count('processes'), memoryBytes: count('memoryBytes') }),
    close: async () => void (await Promise.all(fences.map(({ dir }) => remove(dir)))),
  };
}

type Writer = (at: { dir: string; version: 1 | 2 }, limits: SandboxLimits) => void;

const writers: Record<Kind, Writer> = {
  // The waiting shell, its process 1 and bubblewrap are not the command's.
  processes: ({ dir, version }, { processes }) =>
    writeFileSync(join(dir, files.processes[version]), String(processes + 8)),
  memoryBytes: ({ dir, version }, { memoryBytes }) => {
    writeFileSync(join(dir, files.memoryBytes[version]), String(memoryBytes));
    // Version 1 counts memory and swap together. Not there where the kernel does not account for swap.
    const swap = join(dir, swapFiles[version]);
    if (isThere(swap)) writeFileSync(swap, version === 1 ? String(memoryBytes) : '0');
  },
  cpus: ({ dir, version }, { cpus }) => {
    const quota = Math.max(1_000, Math.round(cpus * cpuPeriodUs));
    try {
      writeFileSync(join(dir, files.cpus[version]), version === 1 ? String(quota) : `${quota} ${cpuPeriodUs}`);
    } catch (error) {
      // Version 1 refuses more than the group above has: that one holds it then.
      if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    }
  },
};

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Groups of ours that the kernel did not let go of in time. */
const stuck = new Set<string>();

/** The kernel lets go of a group a moment after its last process. */
async function remove(dir: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    if (removeNow(dir)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function removeNow(dir: string): boolean {
  try {
    rmdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EBUSY') {
      if (dir.includes(prefix)) stuck.add(dir);
      return false;
    }
  }
  stuck.delete(dir);
  return true;
}
