import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { localSandbox } from '../../server/adapters/sandbox/local.ts';
import { sandboxLimits } from '../../server/domain/checks/limits.ts';
import type { Sandbox, SandboxPort } from '../../server/domain/ports/sandbox.ts';
import type { Place } from '../database.ts';
import type { Closing, Contestant } from '../harness.ts';
import { names } from '../names.ts';

const crowd = 25;
const { signal } = new AbortController();

type Yard = { port: SandboxPort; tree: string };

function yardAt({ dataDir }: Pick<Place, 'dataDir'>): Yard {
  const tree = join(dataDir, 'tree');
  mkdirSync(tree, { recursive: true });
  return { port: localSandbox({ dataDir }), tree };
}

function openOne({ port, tree }: Yard): Promise<Sandbox> {
  return port.open({ id: 'run_bench', tree, writable: true, limits: sandboxLimits });
}

async function runTrue(sandbox: Sandbox): Promise<number> {
  const started = performance.now();
  const { exitCode } = await sandbox.exec({ command: 'true', timeoutMs: 60_000, maxOutputBytes: 1024, signal });
  if (exitCode !== 0) throw new Error(`A command that is to end well ended with ${exitCode}.`);
  return performance.now() - started;
}

async function firstCommand(yard: Yard): Promise<number> {
  const started = performance.now();
  const sandbox = await openOne(yard);
  await runTrue(sandbox);
  const took = performance.now() - started;
  await sandbox.dispose();
  // As between two runs: a place is made ahead once nobody waits.
  await pause(150);
  return took;
}

/** So many sandboxes, a command a second in each: as agents work, that think between two calls. */
async function nowAndThen(sandboxes: Sandbox[], operations: number): Promise<number[]> {
  const samples = sandboxes.map(async (sandbox, at) => {
    const own: number[] = [];
    await pause((at * 1000) / sandboxes.length);
    for (let n = 0; n < operations; n += 1) {
      const took = await runTrue(sandbox);
      own.push(took);
      await pause(Math.max(0, 1000 - took));
    }
    return own;
  });
  return (await Promise.all(samples)).flat();
}

/** Sandboxes on this machine, driven as the worker drives them. */
export async function open(place: Place, closing: Closing): Promise<Contestant[]> {
  const yard = yardAt(place);
  const warm = await openOne(yard);
  closing(() => warm.dispose());
  const series = async (operations: number, one: () => Promise<number>) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) samples.push(await one());
    return samples;
  };
  return [
    { name: names.firstCommand, block: (operations) => series(operations, () => firstCommand(yard)) },
    { name: names.warmCommand, operations: 100, block: (operations) => series(operations, () => runTrue(warm)) },
    { name: names.soloCommand, operations: 8, block: (operations) => nowAndThen([warm], operations) },
    {
      name: names.crowdCommand,
      operations: 4,
      async block(operations) {
        const sandboxes = await Promise.all(Array.from({ length: crowd }, () => openOne(yard)));
        const samples = await nowAndThen(sandboxes, operations);
        await Promise.all(sandboxes.map((sandbox) => sandbox.dispose()));
        return samples;
      },
    },
  ];
}

/** Opens and closes so many, four at a time, and counts what this host has more of afterwards. */
export async function leaksAfter(place: Pick<Place, 'dataDir'>, starts: number): Promise<number> {
  const yard = yardAt(place);
  const cycle = async () => {
    const sandbox = await openOne(yard);
    await runTrue(sandbox);
    await sandbox.dispose();
  };
  await cycle();
  const before = await looks(place, Math.max);
  let left = starts;
  const some = async () => {
    while (left > 0) {
      left -= 1;
      await cycle();
    }
  };
  await Promise.all(Array.from({ length: 4 }, some));
  const after = await looks(place, Math.min);
  return Object.values(after).reduce((sum, count, at) => sum + Math.max(0, count - Object.values(before)[at]!), 0);
}

/** One place is always made ahead, a moment after it is wanted: that one is no leak, whenever it comes. */
async function looks(place: Pick<Place, 'dataDir'>, pick: (...counts: number[]) => number) {
  const seen = traces(place);
  for (let n = 0; n < 6; n += 1) {
    await pause(500);
    const next = traces(place);
    for (const kind of ['folders', 'mounts', 'groups', 'processes'] as const) seen[kind] = pick(seen[kind], next[kind]);
  }
  return seen;
}

/** What a sandbox may leave behind: folders, mounts, groups, processes of ours. */
function traces({ dataDir }: Pick<Place, 'dataDir'>) {
  const below = (folder: string) => readdirSync(folder, { withFileTypes: true });
  const [home] = below(join(dataDir, 'sandboxes')).filter(({ name }) => name.startsWith(`${process.pid}-`));
  const groups = ['pids', 'memory', 'cpu', ''].flatMap((kind) => {
    try {
      return below(join('/sys/fs/cgroup', kind)).filter(({ name }) => name.includes(`-${process.pid}-`));
    } catch {
      return [];
    }
  });
  const parents = new Map<number, number[]>();
  for (const { name } of below('/proc').filter((entry) => /^\d+$/u.test(entry.name))) {
    try {
      const parent = Number(/\) \S (\d+)/u.exec(readFileSync(`/proc/${name}/stat`, 'latin1'))?.[1]);
      parents.set(parent, [...(parents.get(parent) ?? []), Number(name)]);
    } catch {
      // It ended while we looked.
    }
  }
  const count = (pid: number): number => (parents.get(pid) ?? []).reduce((sum, child) => sum + 1 + count(child), 0);
  return {
    folders: home ? below(join(dataDir, 'sandboxes', home.name)).length : 0,
    mounts: readFileSync('/proc/self/mountinfo', 'latin1').split('\n').length,
    groups: groups.length,
    processes: count(process.pid),
  };
}
