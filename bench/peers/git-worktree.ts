import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Place } from '../database.ts';
import type { Contestant } from '../harness.ts';
import { names } from '../names.ts';

const run = promisify(execFile);

/** What one would do by hand: a work tree of git's own for each run. Removing it is not timed. */
export async function open({ dataDir }: Place): Promise<Contestant[]> {
  const cwd = join(dataDir, 'remote.git');
  let made = 0;
  const one = async () => {
    const tree = join(dataDir, `worktree-${(made += 1)}`);
    const started = performance.now();
    await run('git', ['worktree', 'add', '-q', '--detach', tree, 'main'], { cwd });
    const took = performance.now() - started;
    await run('git', ['worktree', 'remove', '--force', tree], { cwd });
    return took;
  };
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) samples.push(await one());
    return samples;
  };
  return [{ name: names.worktreeAdd, operations: 1, block }];
}
