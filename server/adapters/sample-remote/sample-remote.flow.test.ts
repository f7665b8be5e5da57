import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRemote } from './sample-remote.ts';

const orgA = `org_${'a'.repeat(32)}`;
const orgB = `org_${'b'.repeat(32)}`;
const sampleDir = path.resolve('samples/api');
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'fleet-sample-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const git = (remote: string, ...args: string[]) =>
  execFileSync('git', [`--git-dir=${remote}`, ...args], { encoding: 'utf8' }).trim();

describe('sampleRemote', () => {
  it('makes a bare remote with one commit on main that has every file of the sample', async () => {
    const remote = await sampleRemote({ dataDir, sampleDir }).ensure(orgA);
    expect(git(remote, 'rev-parse', '--is-bare-repository')).toBe('true');
    expect(git(remote, 'rev-list', '--count', 'main')).toBe('1');
    const files = git(remote, 'ls-tree', '-r', '--name-only', 'main').split('\n');
    const own = readdirSync(sampleDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(own.length);
    expect(files).toContain('package.json');
    expect(git(remote, 'fsck', '--strict')).toBe('');
    expect(readdirSync(path.dirname(remote))).toEqual(['sample-api.git']);
  });

  it('is the same commit everywhere, apart per org, and left alone the second time', async () => {
    const sample = sampleRemote({ dataDir, sampleDir });
    const first = await sample.ensure(orgA);
    const second = await sample.ensure(orgB);
    expect(first).not.toBe(second);
    expect(git(first, 'rev-parse', 'main')).toBe(git(second, 'rev-parse', 'main'));
    git(first, 'update-ref', 'refs/heads/fleet/1-x', 'main');
    expect(await sample.ensure(orgA)).toBe(first);
    expect(git(first, 'rev-parse', 'fleet/1-x')).toBe(git(first, 'rev-parse', 'main'));
  });

  it('two at once end with one remote', async () => {
    const sample = sampleRemote({ dataDir, sampleDir });
    const [one, two] = await Promise.all([sample.ensure(orgA), sample.ensure(orgA)]);
    expect(one).toBe(two);
    expect(readdirSync(path.dirname(one!))).toEqual(['sample-api.git']);
  });

  it('goes with its org, and no other with it', async () => {
    const sample = sampleRemote({ dataDir, sampleDir });
    expect(await sample.orgs()).toEqual([]);
    await sample.ensure(orgA);
    await sample.ensure(orgB);
    await sample.remove(orgA);
    await sample.remove(orgA);
    expect(await sample.orgs()).toEqual([orgB]);
    expect(readdirSync(path.join(dataDir, 'remotes'))).toEqual([orgB]);
  });

  it('takes no name but an org id for a folder', async () => {
    await expect(sampleRemote({ dataDir, sampleDir }).ensure('../elsewhere')).rejects.toThrow('not the id of an org');
    await expect(sampleRemote({ dataDir, sampleDir }).remove('..')).rejects.toThrow('not the id of an org');
  });
});
