import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder = '';
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'scratch-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process whose temporary folder is `folder`: says a line, then waits to be killed. */
function worker(program: string) {
  const module = JSON.stringify(join(import.meta.dirname, 'scratch.ts'));
  const script = `const { scratchFolder, sweepScratch } = await import(${module}); console.log(${program}); process.stdin.resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: '/usr/bin:/bin', TMPDIR: folder } as unknown as NodeJS.ProcessEnv,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = once(child.stdout, 'data').then(([bytes]) => String(bytes).trim());
  const kill = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { said, kill };
}

test('what a killed process left is swept, and nothing of one that lives or of anybody else', async () => {
  const living = worker('await scratchFolder()');
  const killed = worker('await scratchFolder()');
  const [kept, left] = [await living.said, await killed.said];
  await writeFile(join(left, 'file'), 'x');
  await killed.kill();
  // Other names, and other things under such a name.
  await mkdtemp(join(folder, 'fleet-way-'));
  const odd = basename(left).replace(/\.\w+$/u, '.odd');
  await symlink('/', join(folder, odd));
  const elsewhere = basename(left).replace(/^fleet-\d+/u, 'fleet-1');
  await writeFile(join(folder, elsewhere), '');
  const sweeper = worker('await sweepScratch()');
  expect(await sweeper.said).toBe('1');
  await sweeper.kill();
  const names = await readdir(folder);
  expect(names).not.toContain(basename(left));
  expect(names).toEqual(expect.arrayContaining([basename(kept), odd, elsewhere]));
  expect(names).toHaveLength(4);
  await living.kill();
});

test('a socket in such a folder has a name that is short enough', async () => {
  const one = worker('await scratchFolder()');
  const name = basename(await one.said);
  await one.kill();
  expect(join('/tmp', name, 'egress.sock').length).toBeLessThan(107);
});
