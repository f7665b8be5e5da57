import { execFile } from 'node:child_process';
import { accessSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SandboxLimits } from '../../domain/ports/sandbox.ts';

type Group = { base: string; processes: string | null; memory: string | null };

/** The host's control groups in which Fleet may make folders; empty where it may not. `swept`: processes that were left. */
export type Cgroups = { groups: Group[]; holds: { processes: boolean; memoryBytes: boolean }; swept: number };

/** One sandbox's control groups. A process that writes `0` to each of `enter` is held by them, with its children. */
export type Fence = { enter: string[]; limit(limits: SandboxLimits): void; close(): Promise<void> };

const mountPoint = '/sys/fs/cgroup';

/** Version 1 has a tree per controller, version 2 one tree for all; each candidate is proved by moving a process. */
export async function findCgroups(): Promise<Cgroups> {
  const found: Group[] = [];
  const candidates = candidateGroups();
  for (const kind of ['processes', 'memory'] as const) {
    if (found.some((group) => group[kind] !== null)) continue;
    for (const group of candidates.filter((candidate) => candidate[kind] !== null)) {
      if (!(await proves(group))) continue;
      found.push(group);
      break;
    }
  }
  const swept = found.map(({ base }) => sweep(base)).reduce((sum, count) => sum + count, 0);
  const holds = {
    processes: found.some((group) => group.processes !== null),
    memoryBytes: found.some((group) => group.memory !== null),
  };
  return { groups: found, holds, swept };
}

function candidateGroups(): Group[] {
  const lines = readFileSync('/proc/self/cgroup', 'latin1').trim().split('\n');
  return lines.flatMap((line): Group[] => {
    const [, names = '', path = '/'] = /^\d+:([^:]*):(.*)$/u.exec(line) ?? [];
    const places = path === '/' ? [''] : [path, ''];
    if (names === '') {
      return places.map((place) => ({ base: mountPoint + place, processes: 'pids.max', memory: 'memory.max' }));
    }
    const processes = names.split(',').includes('pids') ? 'pids.max' : null;
    const memory = names.split(',').includes('memory') ? 'memory.limit_in_bytes' : null;
    if (processes === null && memory === null) return [];
    return places.map((place) => ({ base: join(mountPoint, names) + place, processes, memory }));
  });
}

async function proves(group: Group): Promise<boolean> {
  const dir = join(group.base, `fleet-${process.pid}-probe`);
  try {
    mkdirSync(dir);
    for (const file of [group.processes, group.memory]) if (file !== null) accessSync(join(dir, file));
    await promisify(execFile)('/bin/sh', ['-c', 'echo 0 > "$1"', 'sh', join(dir, 'cgroup.procs')]);
    return true;
  } catch {
    return false;
  } finally {
    await remove(dir);
  }
}

/** Groups of workers that are gone, with whatever a kill in the middle of a start left in them. */
function sweep(base: string): number {
  let killed = 0;
  for (const name of readdirSync(base)) {
    const pid = /^fleet-(\d+)-/u.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const dir = join(base, name);
    try {
      for (const left of readFileSync(join(dir, 'cgroup.procs'), 'latin1').split('\n').filter(Boolean)) {
        process.kill(Number(left), 'SIGKILL');
        killed += 1;
      }
      rmdirSync(dir);
    } catch {
      // The last process is still on its way out: a later start finds the group empty.
    }
  }
  return killed;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let opened = 0;

/** Throws when the host refuses; a sandbox without its promised limits must not start. */
export function openFence(cgroups: Cgroups): Fence {
  opened += 1;
  const fences = cgroups.groups.map((group) => ({ ...group, dir: join(group.base, `fleet-${process.pid}-${opened}`) }));
  for (const { dir } of fences) mkdirSync(dir);
  return {
    enter: fences.map(({ dir }) => join(dir, 'cgroup.procs')),
    limit: (limits) => {
      for (const { dir, processes, memory } of fences) {
        // The waiting shell, its process 1 and bubblewrap are not the command's.
        if (processes !== null) writeFileSync(join(dir, processes), String(limits.processes + 8));
        if (memory !== null) writeFileSync(join(dir, memory), String(limits.memoryBytes));
      }
    },
    close: async () => void (await Promise.all(fences.map(({ dir }) => remove(dir)))),
  };
}

/** The kernel lets go of a group a moment after its last process. */
async function remove(dir: string): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    try {
      rmdirSync(dir);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
