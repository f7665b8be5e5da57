import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generous, runIn } from './contract-bench.ts';
import { localSandbox } from './local.ts';
import type { Weakness } from './weakness.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

let root = '';
beforeAll(async () => (root = await mkdtemp(join(tmpdir(), 'fleet-proof-'))));
afterAll(() => removeLivedIn(root));

async function openWith(weakness: Weakness) {
  const tree = await mkdtemp(join(root, 'tree-'));
  return localSandbox({ dataDir: join(root, 'data') }, weakness).open({
    id: 'run_proof',
    tree,
    writable: true,
    limits: generous,
  });
}

const swap = (from: string[], to: string[]) => (args: string[]) => {
  const at = args.findIndex((_, i) => from.every((arg, j) => arg === args[i + j]));
  return [...args.slice(0, at), ...to, ...args.slice(at + from.length)];
};
const etc = (args: string[]) => {
  const at = args.indexOf('/etc');
  return args.with(at - 1, '/etc');
};

test.each<[string, Weakness, RegExp]>([
  ['the host’s network', { walls: (args) => [...args, '--share-net'] }, /net namespace/u],
  ['capabilities', { walls: (args) => [...args, '--cap-add', 'CAP_NET_ADMIN'] }, /dropped capabilities/u],
  ['no filter', { unfiltered: true }, /filter on system calls/u],
  ['a variable of Fleet’s', { env: { DATABASE_URL: 'x' } }, /cleared environment/u],
  ['a writable root', { walls: swap(['--remount-ro', '/'], []) }, /read-only \//u],
  ['writable system folders', { walls: swap(['--ro-bind', '/usr'], ['--bind', '/usr']) }, /read-only \/usr/u],
  ['the host’s settings', { walls: etc }, /the right \/etc/u],
  ['a folder nobody meant', { walls: (args) => ['--ro-bind', '/var', '/mnt', ...args] }, /root without \/mnt/u],
  ['the host’s devices', { walls: swap(['--dev', '/dev'], ['--dev-bind', '/dev', '/dev']) }, /own \/dev/u],
])('a sandbox with %s runs nothing', async (_, weakness, missing) => {
  const opened = openWith(weakness);
  await expect(opened).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  await expect(opened).rejects.toThrow(missing);
});

test('a whole one runs, and so does one that nobody looked at', async () => {
  for (const weakness of [{}, { unproven: true, walls: (args: string[]) => [...args, '--share-net'] }]) {
    const sandbox = await openWith(weakness);
    expect((await runIn(sandbox, 'echo runs')).text).toBe('runs\n');
    await sandbox.dispose();
  }
});
