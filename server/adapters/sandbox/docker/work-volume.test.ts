import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { generous } from '../contract-bench.ts';
import type { ContainerShell } from './container-shell.ts';
import { workVolume } from './work-volume.ts';

let dataDir = '';
let tree = '';
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'fleet-work-volume-'));
  tree = join(dataDir, 'runs/one/tree');
  mkdirSync(join(tree, 'a/postgres'), { recursive: true });
  mkdirSync(join(dataDir, 'postgres'));
  writeFileSync(join(dataDir, 'postgres/base'), 'the host’s own');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A container that says what it likes, whatever it is asked. */
function hostile(): { make(): Promise<ContainerShell>; next: Readable[] } {
  const next: Readable[] = [];
  const make = async (): Promise<ContainerShell> => {
    const output = next.shift() ?? Readable.from([]);
    return {
      id: 'x',
      input: new Writable({ write: (_chunk, _encoding, done) => done() }),
      write: () => undefined,
      output,
      ready: async () => undefined,
      said: () => Buffer.alloc(0),
      stop: () => void output.destroy(),
      pid: () => null,
      alive: () => true,
      ended: finished(output).then(() => ({ code: 0, stopped: null })),
    };
  };
  return { make, next };
}

const says = (...entries: [string, string][]) =>
  Readable.from([Buffer.from(entries.map(([head, path]) => `${head}\0${path}\0`).join(''), 'latin1')]);
const sends = (name: string, text: string) => {
  const archive = pack();
  archive.entry({ name }, text);
  archive.finalize();
  return archive as unknown as Readable;
};
const folder = 'd 755 0 1.0 1.0 ';
const link = 'l 777 8 1.0 1.0 ../../..';
const file = (change: string) => `f 644 3 1.0 ${change} `;

test('a take that failed half way is no ground for the next one', async () => {
  const { make, next } = hostile();
  next.push(says([folder, 'a'], [folder, 'a/postgres']));
  const volume = await workVolume({ make, limits: generous });
  // The link is made, then the archive brings what nobody asked for.
  next.push(says([link, 'a'], [file('1.0'), 'f']), sends('other', 'one'));
  await expect(volume.bringTo(tree)).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  expect(await readdir(tree)).toEqual(['a']);
  // As if the folder had stood all the time, and lost what has the name of something outside.
  next.push(says([folder, 'a'], [file('1.0'), 'f']), sends('f', 'one'));
  await volume.bringTo(tree);
  expect(readFileSync(join(dataDir, 'postgres/base'), 'utf8')).toBe('the host’s own');
  expect(await readdir(join(tree, 'a'))).toEqual([]);
  expect(readFileSync(join(tree, 'f'), 'utf8')).toBe('one');
  // What was found is known again: what did not change is not asked for.
  next.push(says([folder, 'a'], [file('1.0'), 'f']));
  await volume.bringTo(tree);
  expect(readFileSync(join(tree, 'f'), 'utf8')).toBe('one');
});

test('a listing with an entry below a link changes nothing', async () => {
  const { make, next } = hostile();
  next.push(says([folder, 'a'], [folder, 'a/postgres']));
  const volume = await workVolume({ make, limits: generous });
  next.push(says([link, 'a'], [file('1.0'), 'a/postgres']));
  await expect(volume.bringTo(tree)).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  expect(await readdir(join(tree, 'a'))).toEqual(['postgres']);
  expect(await readdir(join(dataDir, 'postgres'))).toEqual(['base']);
});
