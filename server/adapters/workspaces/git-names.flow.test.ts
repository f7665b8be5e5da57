import { afterEach, beforeEach, expect, test } from 'vitest';
import { mirror } from '../code-host/git-rig.ts';
import { rungs } from './base-file.ts';
import { id, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => {
  rig = await workRig();
});
afterEach(() => rig.end());

/** Folders of names that look alike, more of them than a command's output is kept of, and one real name in each. */
const flood = `python3 - <<'END'
import os
for top in 'xyz':
    os.makedirs(f'many/{top}')
    for n in range(7000): open(f'many/{top}/g-i-t-{n:0>240}', 'w').close()
    os.mkdir(f'many/{top}/.git')
END`;

const named = ['.GIT', 'src/git~1', 'src/.g\u200cit', 'src/．git', 'src/.git. ', 'src/sub/.git', 'new\nline2/.git'];
const others = ['.gitignore2', 'src/legit', 'node_modules/a/.git/config', 'src/sub/.git/a/.git/config'];

test.each(rungs)('on the rung %s the host finds each name that could be a repository of git', async (rung) => {
  const { tree } = await rig.on(rung).keep({ id, mirror, commit: rig.head });
  const script = `${flood}
for name in ${[...others, ...named].map((name) => `$'${name.replaceAll('\n', '\\n')}'`).join(' ')}; do
  mkdir -p -- "$(dirname -- "$name")"; [ -e "$name" ] || echo x > "$name"; done
mkdir bad && mkdir "$(printf 'bad/\\377')" && mkdir "$(printf 'bad/\\377/.git')"; ln -s src/sub linked; rm -rf src/deep`;
  await rig.agent(tree, script);
  const inMany = ['x', 'y', 'z'].map((top) => `many/${top}/.git`);
  expect((await rig.host.gitNames({ tree })).toSorted()).toEqual([...named, ...inMany].toSorted());
});
