import { fork } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mirror } from '../code-host/git-rig.ts';
import { readBase, writeBase } from './base-file.ts';
import { id, otherId, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => (rig = await workRig()));
afterEach(() => rig.end());

const shared = () => readdir(join(rig.dataDir, 'checkouts', mirror));

/** Commits that are far from each other, so that each gets a checkout of its own. */
async function farCommits(count: number): Promise<string[]> {
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const files = Object.fromEntries(Array.from({ length: 401 }, (_, at) => [`many/${at}.txt`, `${n}\n`]));
    rig.personPushes(files);
    made.push(await rig.sync());
  }
  return made;
}

it('one checkout serves all that begin with a commit, also at the same time', async () => {
  const workspaces = rig.on('overlay');
  const ids = [...'abcdef'].map((letter) => `run_${letter.repeat(32)}`);
  await Promise.all(ids.map((one) => workspaces.keep({ id: one, mirror, commit: rig.head })));
  expect(await shared()).toEqual([rig.head]);
});

it('a checkout goes when no tree stands on it, the last few excepted', async () => {
  const workspaces = rig.on('overlay');
  const commits = await farCommits(6);
  for (const [n, commit] of commits.entries()) {
    await workspaces.fresh({ id: n === 0 ? otherId : id, mirror, commit });
  }
  await workspaces.remove(id);
  await workspaces.collect();
  expect((await shared()).sort()).toEqual([commits[0], ...commits.slice(-3)].sort());
  const { tree } = await workspaces.keep({ id: otherId, mirror, commit: commits[0]! });
  expect(await rig.changed(tree, commits[0]!)).toEqual([]);
});

it('a reference that a crash left still counts, and what nobody finished is cleared away', async () => {
  const workspaces = rig.on('overlay');
  const commits = await farCommits(5);
  for (const commit of commits) await workspaces.fresh({ id, mirror, commit });
  await workspaces.remove(id);
  const folder = join(rig.dataDir, 'workspaces', otherId);
  await mkdir(folder, { recursive: true });
  const base = {
    rung: 'overlay',
    mirror,
    commit: commits[0]!,
    checkout: commits[0]!,
    setup: null,
    maker: null,
  } as const;
  await writeBase(folder, { ...base, whole: false });
  await mkdir(join(rig.dataDir, 'checkouts', mirror, '.new-4194399-abc'), { recursive: true });
  await workspaces.collect();
  expect((await shared()).sort()).toEqual([commits[0], ...commits.slice(-3)].sort());
});

it('a worker killed in the middle of its work leaves the tree to the next one', async () => {
  const child = fork(join(import.meta.dirname, 'testing/dying-keeper.ts'), [rig.dataDir, rig.head], {
    stdio: 'inherit',
  });
  const tree = await new Promise<string>((resolve) => child.once('message', (said) => resolve(String(said))));
  await writeFile(join(tree, 'work.txt'), 'mine');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
  const kept = await rig.on('overlay').keep({ id, mirror, commit: rig.head });
  expect(kept.made).toBe(false);
  expect(await readFile(join(kept.tree, 'work.txt'), 'utf8')).toBe('mine');
});

it('a tree to be thrown away outlives its process only until somebody tidies up; others stay', async () => {
  const workspaces = rig.on('overlay');
  const request = { mirror, commit: rig.head };
  await workspaces.keep({ ...request, id });
  await workspaces.fresh({ ...request, id: otherId });
  await workspaces.collect();
  expect((await workspaces.list()).sort()).toEqual([id, otherId].sort());
  const folder = join(rig.dataDir, 'workspaces', otherId);
  await writeBase(folder, { ...(await readBase(folder))!, maker: `${process.pid}-1` });
  await workspaces.collect();
  expect(await workspaces.list()).toEqual([id]);
});
