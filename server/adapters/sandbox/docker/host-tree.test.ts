import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import type { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hostListing, updateTree as update } from './host-tree.ts';
import type { TreeEntry, TreeListing } from './tree-listing.ts';

let dataDir = '';
let tree = '';
let victim = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-host-tree-'));
  tree = join(dataDir, 'runs/one/tree');
  victim = join(dataDir, 'postgres');
  mkdirSync(tree, { recursive: true });
  mkdirSync(victim);
  writeFileSync(join(victim, 'base'), 'the host’s own');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const entry = (kind: TreeEntry['kind'], more: Partial<TreeEntry> = {}): TreeEntry => {
  const made = { kind, mode: 0o755, size: 0, mtime: 1, target: '', ...more };
  return { ...made, mark: JSON.stringify(made) };
};
const link = entry('link', { target: '../../..' });
const folder = entry('folder');
const listing = (entries: Record<string, TreeEntry>): TreeListing => new Map(Object.entries(entries));
const sending = (files: Record<string, string>) => async () => {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  return { archive: archive as unknown as Readable, ended: Promise.resolve() };
};
const updateTree = (what: Omit<Parameters<typeof update>[0], 'mostBytes'>, ...rest: [ReturnType<typeof sending>]) =>
  update({ ...what, mostBytes: 100 }, ...rest);
const survives = () => expect(readFileSync(join(victim, 'base'), 'utf8')).toBe('the host’s own');
const refused = { code: 'sandbox_unavailable' };

test('files, folders and links come and go', async () => {
  const now = listing({ d: folder, 'd/f': entry('file', { size: 3 }), l: link });
  const got = await updateTree({ tree, before: new Map(), now }, sending({ 'd/f': 'one' }));
  expect([...got.keys()]).toEqual(['d', 'd/f', 'l']);
  expect(readFileSync(join(tree, 'd/f'), 'utf8')).toBe('one');
  expect([...(await hostListing(tree))].map(([path, { kind }]) => `${kind} ${path}`).sort()).toEqual([
    'file d/f',
    'folder d',
    'link l',
  ]);
  await updateTree({ tree, before: got, now: listing({ d: link }) }, sending({}));
  expect([...(await hostListing(tree)).keys()]).toEqual(['d']);
  survives();
});

test('a file below a link that never comes removes nothing outside', async () => {
  const now = listing({ a: link, 'a/postgres': entry('file') });
  await updateTree({ tree, before: new Map(), now }, sending({}));
  survives();
});

test('what went below a folder that is a link here by now is not removed through it', async () => {
  symlinkSync('../../..', join(tree, 'a'));
  const before = listing({ a: folder, 'a/postgres': folder });
  await updateTree({ tree, before, now: listing({ a: folder }) }, sending({}));
  survives();
});

test.each<[string, TreeEntry]>([
  ['folder', entry('folder', { mode: 0o777 })],
  ['link', link],
  ['file', entry('file', { size: 1 })],
])('no %s is made through a link', async (_, what) => {
  symlinkSync('../../..', join(tree, 'a'));
  for (const name of ['postgres', 'new']) {
    const now = listing({ a: folder, [`a/${name}`]: what });
    const made = updateTree({ tree, before: listing({ a: folder }), now }, sending({ [`a/${name}`]: 'x' }));
    await expect(made).rejects.toMatchObject(refused);
  }
  survives();
  expect(existsSync(join(dataDir, 'new'))).toBe(false);
});

test('a link in the place of a folder is replaced, not followed', async () => {
  symlinkSync('../../../postgres', join(tree, 'a'));
  const before = await hostListing(tree);
  await updateTree({ tree, before, now: listing({ a: entry('folder', { mode: 0o777 }) }) }, sending({}));
  expect(lstatSync(join(tree, 'a')).isDirectory()).toBe(true);
  expect(lstatSync(victim).mode & 0o777).not.toBe(0o777);
  survives();
});

test('nothing is made deeper than a host could remove it', async () => {
  const parts = Array.from({ length: 2100 }, () => 'd');
  const now = listing(Object.fromEntries(parts.map((_, i) => [parts.slice(0, i + 1).join('/'), folder])));
  await expect(updateTree({ tree, before: new Map(), now }, sending({}))).rejects.toMatchObject(refused);
  expect((await hostListing(tree)).size).toBe(0);
});

test('files that grew since they were listed hold no more together than a sandbox may', async () => {
  const ten = entry('file', { size: 10 });
  const now = listing({ a: ten, b: ten, c: ten, kept: entry('file', { size: 40 }) });
  const before = listing({ kept: now.get('kept')! });
  await updateTree({ tree, before, now }, sending({ a: 'a'.repeat(20), b: 'b'.repeat(30), c: '' }));
  expect(readFileSync(join(tree, 'b'), 'utf8')).toBe('b'.repeat(30));
  const more = sending({ a: 'a'.repeat(20), b: 'b'.repeat(31), c: '' });
  await expect(updateTree({ tree, before, now }, more)).rejects.toMatchObject(refused);
  expect(readFileSync(join(tree, 'b'), 'utf8')).toBe('b'.repeat(30));
});

test('what the disk has no room for is refused before anything is touched', async () => {
  writeFileSync(join(tree, 'old'), 'old');
  const now = listing({ huge: entry('file', { size: 2 ** 51 }) });
  const before = listing({ old: entry('file', { size: 3 }) });
  const never = () => Promise.reject(new Error('nothing is asked for'));
  await expect(update({ tree, before, now, mostBytes: 2 ** 52 }, never)).rejects.toThrow('no room');
  expect([...(await hostListing(tree)).keys()]).toEqual(['old']);
});
