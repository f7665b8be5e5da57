import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { mirror, at, author, sh } from '../code-host/git-rig.ts';
import { rungs } from './base-file.ts';
import { id, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => {
  rig = await workRig();
});
afterEach(() => rig.end());

const names = Array.from({ length: 60 }, (_, n) => `f${n}`);
/** These their owner may not read, in the tree as on the host: a commit makes its own readable. */
const shut = names.slice(30);
const rounds = 8;

/** A folder of the host, and the same names in a tree where a job puts a link to it in the way, again and again. */
async function swapping(tree: string): Promise<{ outside: string; end: () => Promise<void> }> {
  const outside = join(rig.dataDir, 'outside');
  for (const [folder, text] of [
    [outside, 'the host’s own\n'],
    [join(tree, 'd'), 'the agent’s\n'],
  ] as const) {
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), text);
  }
  for (const name of shut) {
    chmodSync(join(tree, 'd', name), 0o277);
    chmodSync(join(outside, name), 0o200);
  }
  symlinkSync(outside, join(tree, 'away'));
  const job = fork(join(import.meta.dirname, 'testing/swap.ts'), [tree]);
  await once(job, 'message');
  const exited = once(job, 'exit');
  return { outside, end: async () => void (job.kill('SIGKILL'), await exited) };
}

test.each(rungs)('on the rung %s a folder that becomes a link while the host reads leads nowhere', async (rung) => {
  const { tree } = await rig.on(rung).keep({ id, mirror, commit: rig.head });
  const { outside, end } = await swapping(tree);
  const take = (turn: number) => rig.host.snapshot({ mirror, tree, start: rig.head, run: id, turn, generation: 1, at });
  const commits: string[] = [];
  try {
    const paths = names.map((name) => `d/${name}`);
    for (let turn = 1; turn <= rounds; turn += 1) {
      // git refuses a path that a link came into; then this look brought nothing.
      const snapshot = await take(turn).catch(() => null);
      if (snapshot) commits.push(snapshot.commit);
      const made = { mirror, tree, parent: rig.head, paths, message: 'm', author, at };
      const commit = await rig.host.commit(made).catch(() => null);
      if (commit) commits.push(commit);
    }
  } finally {
    await end();
  }
  // Wherever the job was when it ended, its own files are in the tree.
  commits.push((await take(rounds + 1)).commit);
  const gitDir = join(rig.dataDir, 'mirrors', `${mirror}.git`);
  const found = new Set(
    commits.flatMap((commit) => sh(gitDir, 'ls-tree', '-r', '--format=%(objectname)', commit).split('\n')),
  );
  const texts = [...found].map((object) => sh(gitDir, 'cat-file', 'blob', object));
  expect(texts).toContain('the agent’s');
  expect(texts).not.toContain('the host’s own');
  expect(new Set(shut.map((name) => statSync(join(outside, name)).mode & 0o777))).toEqual(new Set([0o200]));
});
