import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { localWorkspaces } from './local.ts';

const id = `run_${'a'.repeat(32)}`;
const request = { id, mirror: 'rep_1', commit: 'c1' };
const bytes = (text: string) => new TextEncoder().encode(text);

let dataDir: string;
let outside: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-workspaces-'));
  outside = join(dataDir, 'outside');
  await mkdir(outside);
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
});

/** A checkout of one commit that has a file, and links that lead out of the tree. */
const codeHost = {
  async checkout({ commit, into }: { commit: string; into: string }) {
    if ((await readdir(into)).length > 0) throw new Error('not empty');
    await writeFile(join(into, 'file.txt'), commit);
    await symlink(outside, join(into, 'link'));
    await symlink(join(outside, 'target.txt'), join(into, 'file-link'));
    if (commit === 'broken') throw new Error('the disk is full');
  },
};

describe('localWorkspaces', () => {
  it('keeps what is there and makes anew what shall be fresh', async () => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    const first = await workspaces.keep(request);
    expect(first.made).toBe(true);
    await writeFile(join(first.tree, 'work.txt'), 'mine');
    expect(await workspaces.keep({ ...request, commit: 'c2' })).toEqual({ tree: first.tree, made: false });
    expect(await readFile(join(first.tree, 'work.txt'), 'utf8')).toBe('mine');
    const tree = await workspaces.fresh({ ...request, commit: 'c2' });
    expect(await readFile(join(tree, 'file.txt'), 'utf8')).toBe('c2');
    expect(await readdir(tree)).not.toContain('work.txt');
    expect(await workspaces.list()).toEqual([id]);
    await workspaces.remove(id);
    await workspaces.remove(id);
    expect(await workspaces.list()).toEqual([]);
  });

  it.each([0o000, 0o500])('removes and replaces trees with folders of mode %o in them', async (mode) => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    const locked = async () => {
      const tree = await workspaces.fresh(request);
      await mkdir(join(tree, 'locked', 'inner'), { recursive: true });
      await writeFile(join(tree, 'locked', 'inner', 'a.txt'), 'a');
      await chmod(join(tree, 'locked', 'inner'), mode);
      await chmod(join(tree, 'locked'), mode);
    };
    await locked();
    await locked();
    await workspaces.remove(id);
    expect(await workspaces.list()).toEqual([]);
    expect(await readdir(outside)).toEqual([]);
  });

  it('never hands out half a tree', async () => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    await expect(workspaces.keep({ ...request, commit: 'broken' })).rejects.toThrow('disk is full');
    const { tree, made } = await workspaces.keep(request);
    expect(made).toBe(true);
    expect(await readFile(join(tree, 'file.txt'), 'utf8')).toBe('c1');
  });

  it('lays files over the tree and never through a link out of it', async () => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    await writeFile(join(outside, 'kept.txt'), 'kept');
    const tree = await workspaces.fresh({
      ...request,
      overlay: [
        { path: 'deep/er/new.sh', bytes: bytes('#!'), executable: true },
        { path: 'link/escaped.txt', bytes: bytes('x'), executable: false },
        { path: 'file-link', bytes: bytes('x'), executable: false },
      ],
      without: ['file.txt', 'link/kept.txt', 'nowhere/at/all'],
    });
    expect((await lstat(join(tree, 'deep/er/new.sh'))).mode & 0o111).not.toBe(0);
    expect(await readdir(outside)).toEqual(['kept.txt']);
    expect(await readFile(join(tree, 'link/escaped.txt'), 'utf8')).toBe('x');
    expect((await lstat(join(tree, 'file-link'))).isFile()).toBe(true);
    expect(await readdir(tree)).not.toContain('file.txt');
  });

  it.each(['../x', 'a/../../x', '.git/config', 'a//b', '/etc/passwd'])('refuses the path %s', async (path) => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    const overlay = [{ path, bytes: bytes('x'), executable: false }];
    await expect(workspaces.fresh({ ...request, overlay })).rejects.toThrow('not a path');
  });

  it('refuses what is no id', async () => {
    const workspaces = localWorkspaces({ dataDir, codeHost });
    await expect(workspaces.keep({ ...request, id: '../x' })).rejects.toThrow('not a workspace id');
  });
});
