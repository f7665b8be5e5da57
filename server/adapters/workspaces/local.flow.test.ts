import { rmSync } from 'node:fs';
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirror } from '../code-host/git-rig.ts';
import { placeOf } from '../sandbox/place.ts';
import { rungs } from './base-file.ts';
import { id, otherId, workRig, type WorkRig } from './testing/rig.ts';

let rig: WorkRig;
beforeEach(async () => (rig = await workRig()));
afterEach(() => rig.end());

const request = () => ({ id, mirror, commit: rig.head });
const bytes = (text: string) => new TextEncoder().encode(text);

describe.each(rungs)('a work tree as %s', (rung) => {
  it('is the commit, is kept with what was written, and is made anew when it shall be fresh', async () => {
    const workspaces = rig.on(rung);
    const first = await workspaces.keep(request());
    expect(first.made).toBe(true);
    expect(await rig.changed(first.tree, rig.head)).toEqual([]);
    await writeFile(join(first.tree, 'work.txt'), 'mine');
    expect(await workspaces.keep(request())).toEqual({ tree: first.tree, made: false });
    for (let users = 2; users > 0; users -= 1) {
      expect(await readFile(join(first.tree, 'work.txt'), 'utf8')).toBe('mine');
      await workspaces.rest(id);
    }
    if (rung === 'overlay') await expect(stat(first.tree)).rejects.toMatchObject({ code: 'ENOENT' });
    const { tree, made } = await workspaces.keep(request());
    expect(made).toBe(false);
    expect(await readFile(join(tree, 'work.txt'), 'utf8')).toBe('mine');
    expect(await rig.changed(tree, rig.head)).toEqual(['added work.txt']);
    const fresh = await workspaces.fresh(request());
    expect(await readdir(fresh)).not.toContain('work.txt');
    expect(await workspaces.list()).toEqual([id]);
    await workspaces.remove(id);
    await workspaces.remove(id);
    expect(await workspaces.list()).toEqual([]);
  });

  it.each([0o000, 0o500])('is removed and replaced with folders of mode %o in it', async (mode) => {
    const workspaces = rig.on(rung);
    for (let round = 0; round < 2; round += 1) {
      const tree = await workspaces.fresh(request());
      await mkdir(join(tree, 'locked', 'inner'), { recursive: true });
      await writeFile(join(tree, 'locked', 'inner', 'a.txt'), 'a');
      await chmod(join(tree, 'locked', 'inner'), mode);
      await chmod(join(tree, 'locked'), mode);
    }
    await workspaces.remove(id);
    expect(await workspaces.list()).toEqual([]);
  });

  it('takes files laid over it, never through a link out of it', async () => {
    const workspaces = rig.on(rung);
    const tree = await workspaces.fresh({
      ...request(),
      overlay: [
        { path: 'deep/er/new.sh', bytes: bytes('#!'), executable: true },
        { path: 'link/escaped.txt', bytes: bytes('x'), executable: false },
        { path: 'out', bytes: bytes('x'), executable: false },
      ],
      without: ['plain', 'nowhere/at/all'],
    });
    expect(await rig.changed(tree, rig.head)).toEqual([
      'added deep/er/new.sh *',
      'added link/escaped.txt',
      'deleted link',
      'deleted plain',
      'modified out',
    ]);
    expect((await lstat(join(tree, 'out'))).isFile()).toBe(true);
  });

  it('holds another commit too, made from a checkout that is near', async () => {
    const workspaces = rig.on(rung);
    await workspaces.keep({ ...request(), id: otherId });
    rig.personPushes({ 'src/new/n.txt': 'n\n', 'src/a.txt': 'changed\n' }, (clone) => {
      for (const gone of ['gone', 'link']) rmSync(join(clone, gone), { recursive: true });
    });
    const next = await rig.sync();
    const { tree } = await workspaces.keep({ ...request(), commit: next });
    expect(await rig.changed(tree, next)).toEqual([]);
    await rm(join(tree, 'src/new/n.txt'));
    await writeFile(join(tree, 'src/a.txt'), 'one\n');
    expect(await rig.changed(tree, next)).toEqual(['deleted src/new/n.txt', 'modified src/a.txt']);
    if (rung !== 'checkout') expect(await readdir(join(rig.dataDir, 'checkouts', mirror))).toEqual([rig.head]);
  });

  it('whose written part is gone is an error, not a fresh tree', async () => {
    const workspaces = rig.on(rung);
    await workspaces.keep(request());
    await workspaces.rest(id);
    const written = rung === 'overlay' ? 'upper' : 'tree';
    await rename(join(rig.dataDir, 'workspaces', id, written), join(rig.dataDir, 'lost'));
    await expect(workspaces.keep(request())).rejects.toMatchObject({
      code: 'sandbox_unavailable',
      message: expect.stringMatching(/gone/),
    });
    await workspaces.remove(id);
    expect((await workspaces.keep(request())).made).toBe(true);
  });
});

describe('what all rungs have in common', () => {
  /** What an agent can do to a tree. */
  const script = `echo more >> src/a.txt; rm -rf src/deep; mkdir src/deep; echo x > src/deep/x; rm -r gone; echo file > gone
rm plain; mkdir plain; echo p > plain/p; chmod -x run.sh; touch docs/d.md; mv 'sp ace/s' 'sp ace/t'; ln -sf other link
rm out; mkdir out; echo in > out/passwd; mkdir ignored; echo i > ignored/i; mkfifo pipe; mkdir -p nest/.git; echo n > nest/n
echo m > ':(exclude)*'; echo m > '*.txt'; echo m > ':!x'
rm ./-rf; printf 'v' > "$(printf 'bad\\377name')"; printf 'w' > "$(printf 'more\\376')"; rm "$(printf 'new\\nline')"; printf z > "$(printf 'an\\nother')"; true`;

  it('the same changes are seen and the same commit is made', async () => {
    const seen = [];
    for (const rung of rungs) {
      const workspaces = rig.on(rung);
      const tree = await workspaces.fresh(request());
      expect(await rig.agent(tree, script)).toBe('');
      const changed = await rig.host.changedPaths({ mirror, tree, commit: rig.head });
      const paths = changed.filter(({ unnameable }) => !unnameable).map(({ path }) => path);
      seen.push({ changed: await rig.changed(tree, rig.head), commit: await rig.commit(tree, rig.head, paths) });
      await workspaces.remove(id);
    }
    expect(seen[0]!.changed).toContain('modified src/a.txt');
    expect(seen[0]!.changed).toContain('deleted src/deep/b.txt');
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });

  it('what a reviewer writes is thrown away', async () => {
    for (const rung of rungs) {
      const workspaces = rig.on(rung);
      const tree = await workspaces.fresh(request());
      const said = await rig.agent(tree, 'echo x >> README.md; rm -r src; cat README.md; ls', false);
      expect(said).toContain('hello\nx\n');
      expect(await rig.changed(tree, rig.head)).toEqual([]);
      await workspaces.remove(id);
    }
  });

  it('nothing an agent writes reaches the shared checkout', async () => {
    for (const rung of ['overlay', 'copy'] as const) {
      const workspaces = rig.on(rung);
      const tree = await workspaces.fresh(request());
      await rig.agent(tree, 'echo evil >> src/a.txt; chmod 777 run.sh; rm -rf docs');
      const { tree: other } = await workspaces.keep({ ...request(), id: otherId });
      expect(await rig.changed(other, rig.head)).toEqual([]);
      for (const one of [id, otherId]) await workspaces.remove(one);
    }
  });
});

it('never hands out half a tree', async () => {
  const workspaces = rig.on();
  const broken = { ...request(), overlay: [{ path: '../x', bytes: bytes('x'), executable: false }] };
  await expect(workspaces.keep(broken)).rejects.toThrow('not a path');
  const { tree, made } = await workspaces.keep(request());
  expect(made).toBe(true);
  expect(await rig.changed(tree, rig.head)).toEqual([]);
});

it.each(['../x', 'a/../../x', '.git/config', 'a//b', '/etc/passwd'])('refuses the path %s', async (path) => {
  const overlay = [{ path, bytes: bytes('x'), executable: false }];
  await expect(rig.on().fresh({ ...request(), overlay })).rejects.toThrow('not a path');
});

it('refuses what is no id', async () => {
  await expect(rig.on().keep({ ...request(), id: '../x' })).rejects.toThrow('not a workspace id');
});

it('a holder that died is replaced, and the tree is as it was', async () => {
  const workspaces = rig.on('overlay');
  const { tree } = await workspaces.keep(request());
  await writeFile(join(tree, 'work.txt'), 'mine');
  const { holder, path } = placeOf(tree);
  // Outside the holder the tree's name is not there, so that nobody takes an empty folder for it.
  await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  process.kill(holder!, 'SIGKILL');
  await expect.poll(() => stat(tree).catch(() => null), { timeout: 60_000 }).toBeNull();
  const again = await workspaces.keep(request());
  expect(again.made).toBe(false);
  expect(again.tree).not.toBe(tree);
  expect(await readFile(join(again.tree, 'work.txt'), 'utf8')).toBe('mine');
});
