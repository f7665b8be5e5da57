import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toBytes } from './bytes-path.ts';
import { layerStates, tellsWrites } from './layer-state.ts';

let folder: string;
let clock: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'fleet-layer-'));
  clock = `${folder}.clock`;
  fs.mkdirSync(join(folder, 'src/deep'), { recursive: true });
  fs.writeFileSync(join(folder, 'src/a'), 'one');
  fs.writeFileSync(join(folder, 'src/deep/b'), 'two');
  fs.symlinkSync('a', join(folder, 'src/link'));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(clock, { force: true });
});

const at = (path: string) => join(folder, path);
/** As it will be told once what is there is no longer young. */
const later = () => layerStates(toBytes(folder))(Date.now() + 10_000);

/** Until the clock that files are stamped by has moved on: older kernels move it a few hundred times a second. */
const nextTick = () => {
  const stamp = () => {
    fs.writeFileSync(clock, '');
    return fs.statSync(clock, { bigint: true }).ctimeNs;
  };
  for (const first = stamp(); stamp() === first;);
};

const changes: Record<string, () => void> = {
  'a byte more': () => fs.appendFileSync(at('src/a'), '!'),
  'as many other bytes, with the time of the old ones': () => {
    const { atime, mtime } = fs.statSync(at('src/a'));
    fs.writeFileSync(at('src/a'), 'owt');
    fs.utimesSync(at('src/a'), atime, mtime);
  },
  'another mode': () => fs.chmodSync(at('src/a'), 0o755),
  'a new file': () => fs.writeFileSync(at('src/deep/c'), ''),
  'a new empty folder': () => fs.mkdirSync(at('d')),
  'a file less': () => fs.rmSync(at('src/deep/b')),
  'a name for another': () => fs.renameSync(at('src/deep/b'), at('src/deep/c')),
  'two that swapped names': () => {
    fs.renameSync(at('src/a'), at('src/x'));
    fs.renameSync(at('src/deep/b'), at('src/a'));
    fs.renameSync(at('src/x'), at('src/deep/b'));
  },
  'a link to elsewhere': () => {
    fs.rmSync(at('src/link'));
    fs.symlinkSync('b', at('src/link'));
  },
  'a link in the place of a folder': () => {
    fs.renameSync(at('src/deep'), at('src/away'));
    fs.symlinkSync('away', at('src/deep'));
  },
  'a new folder of the old one’s name': () => {
    fs.rmSync(at('src/deep'), { recursive: true });
    fs.mkdirSync(at('src/deep'));
  },
  'a second name for a file': () => fs.linkSync(at('src/a'), at('src/a2')),
};

describe('the state of a layer', () => {
  it('is the same while nothing is written, whoever reads', async () => {
    const first = await later();
    expect(first).toMatch(/^[0-9a-f]{64}$/u);
    fs.readFileSync(at('src/a'));
    fs.readdirSync(at('src/deep'));
    expect(await later()).toBe(first);
  });

  it.each(Object.entries(changes))('is another with %s', async (_, change) => {
    const before = await later();
    nextTick();
    change();
    const after = await later();
    expect(after).not.toBeNull();
    expect(after).not.toBe(before);
  });

  it('is not told while something is young, or by a clock that stands before it', async () => {
    expect(await layerStates(toBytes(folder))(Date.now())).toBeNull();
    expect(await layerStates(toBytes(folder))(Date.now() - 3_600_000)).toBeNull();
  });

  it('is not told of what is too much or not there', async () => {
    const state = layerStates(toBytes(folder));
    const told = () => state(Date.now() + 10_000);
    expect(await told()).not.toBeNull();
    for (let n = 0; n < 1_000; n += 1) fs.writeFileSync(at(`src/f${n}`), '');
    expect(await told()).toBeNull();
    for (let n = 0; n < 1_000; n += 1) fs.rmSync(at(`src/f${n}`));
    expect(await told()).toBeNull();
    expect(await later()).not.toBeNull();
    expect(await layerStates(toBytes(at('gone')))(Date.now() + 10_000)).toBeNull();
  });
});

const shm = '/dev/shm';
const isTmpfs = fs.existsSync(shm) && fs.statfsSync(shm).type === 0x01021994;

describe('a file system', () => {
  it.runIf(isTmpfs)('that keeps files in memory does not tell every write', async () => {
    const kept = fs.mkdtempSync(join(shm, 'fleet-layer-'));
    try {
      expect(await tellsWrites(toBytes(kept))).toBe(false);
    } finally {
      fs.rmSync(kept, { recursive: true });
    }
  });

  it('of a kind that is not known, or that is not there, counts as one that does not', async () => {
    expect(await tellsWrites(toBytes('/proc'))).toBe(false);
    expect(await tellsWrites(toBytes(at('gone')))).toBe(false);
  });
});
