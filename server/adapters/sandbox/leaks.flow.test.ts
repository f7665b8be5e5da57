import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { dice } from '../../domain/dice.ts';
import { tellDrill } from '../../testing/tell-drill.ts';
import { alive, groupsOf, livesBelow, mountersOf, processesWith } from './testing/leaks.ts';

// The drill "sandboxes": workers are killed with every kind of sandbox up, while another lives on the same data folder.

const { seed, full } = inject('drill');
const plan = full ? { starts: 1_000, kills: 20, held: 25 } : { starts: 45, kills: 3, held: 6 };
const siblings = 5;
const patience = 30 * 60_000;

type Said = { up?: number; answers?: number; sandboxes?: number; processes?: number };
type Drilled = { child: ChildProcess; marker: string; hear(): Promise<Said> };

let dataDir = '';
let tree = '';
let sibling: Drilled;
const workers: ChildProcess[] = [];

function worker(task: 'churn' | 'hold' | 'reap', count = 0): Drilled {
  const marker = `9${String(Math.random()).slice(2, 10)}`;
  const file = join(import.meta.dirname, 'testing/drilled-worker.ts');
  const args = [file, dataDir, tree, marker, task, String(count)];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  workers.push(child);
  const lines = createInterface({ input: child.stdout });
  const said = lines[Symbol.asyncIterator]();
  return { child, marker, hear: async () => JSON.parse((await said.next()).value ?? '{}') as Said };
}

async function kill({ child }: Drilled): Promise<{ lives: string[]; at: number }> {
  const lives = livesBelow(child.pid!);
  const at = performance.now();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { lives, at };
}

/** What a fresh worker's first sweep found. */
async function reap(): Promise<Said> {
  return worker('reap').hear();
}

/** All that a killed worker could have left, counted by what it is. */
async function leftOf({ child, marker }: Drilled, lives: string[]) {
  const folders = await readdir(join(dataDir, 'sandboxes'));
  const own = `${child.pid}-`;
  return {
    processes: [...alive(lives), ...processesWith(`sleep\0${marker}`)].length,
    mounts: mountersOf(`/trees/${child.pid}-`).length,
    folders: folders.filter((name) => name.startsWith(own)).length,
    groups: groupsOf(child.pid!).length,
  };
}

const nothing = { processes: 0, mounts: 0, folders: 0, groups: 0 };

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-leaks-'));
  tree = await mkdtemp(join(tmpdir(), 'fleet-tree-'));
  await writeFile(join(tree, 'file'), 'x');
  sibling = worker('hold', siblings);
  expect(await sibling.hear()).toEqual({ up: siblings });
});
afterAll(async () => {
  for (const child of workers) child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
  await rm(tree, { recursive: true, force: true });
});

async function siblingLives(before: string[]): Promise<void> {
  expect(alive(before)).toEqual(before);
  sibling.child.stdin!.write('still\n');
  expect(await sibling.hear()).toEqual({ answers: siblings });
}

test('drill: sandboxes, many starts and kills', { timeout: patience }, async () => {
  const roll = dice(seed);
  const others = livesBelow(sibling.child.pid!);
  const each = Math.ceil(plan.starts / plan.kills);
  let starts = 0;
  const left = { ...nothing };
  for (let round = 0; round < plan.kills; round += 1) {
    const drilled = worker('churn');
    for (let up = 0; up < each; up += 1) expect(await drilled.hear()).toHaveProperty('up');
    starts += each;
    // At a seeded place anywhere between two lines: while one is opened, at work or being closed.
    await pause(roll() * 100);
    const { lives } = await kill(drilled);
    await expect.poll(async () => (await reap(), leftOf(drilled, lives)), { timeout: 30_000 }).toEqual(nothing);
    const after = await leftOf(drilled, lives);
    for (const kind of ['processes', 'mounts', 'folders', 'groups'] as const) left[kind] += after[kind];
    tellDrill(`killed ${round + 1} times of ${plan.kills} after ${starts} starts; left: ${JSON.stringify(left)}`);
  }
  // Others mount and unmount on this host too.
  expect(readFileSync('/proc/self/mountinfo', 'latin1')).not.toContain(dataDir);
  await siblingLives(others);
});

test('drill: sandboxes, all up when their worker is killed', { timeout: patience }, async () => {
  const others = livesBelow(sibling.child.pid!);
  const drilled = worker('hold', plan.held);
  expect(await drilled.hear()).toEqual({ up: plan.held });
  const { lives, at } = await kill(drilled);
  const reaped = await reap();
  await expect.poll(() => leftOf(drilled, lives), { timeout: 30_000 }).toEqual(nothing);
  const tookMs = Math.round(performance.now() - at);
  expect(reaped.sandboxes).toBe(plan.held);
  expect(tookMs).toBeLessThan(30_000);
  await siblingLives(others);
  tellDrill(`reaped ${reaped.sandboxes} of ${plan.held} within ${tookMs} ms; siblings killed: 0 of ${siblings}`);
});
