import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { processEnvironment } from '../../config/config.ts';
import { generous, openBench, runIn, type Bench } from './contract-bench.ts';
import { limitContract } from './contract-limits.ts';
import { openCopy, removeWritten } from './layer.ts';
import { localSandbox } from './local.ts';
import { usageBelow, watchUsage } from './watchdog.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

let dir = '';
beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'fleet-fallback-'))));
afterEach(() => rm(dir, { recursive: true, force: true }));

test('without overlays a copy takes the writes, links and odd names included', async () => {
  const tree = join(dir, 'tree');
  await mkdir(join(tree, 'in'), { recursive: true });
  await writeFile(join(tree, 'in/-rf\n'), 'x', { mode: 0o755 });
  await symlink('/nowhere', join(tree, 'link'));
  const layer = await openCopy(dir, tree);
  expect((await stat(join(layer.work, 'in/-rf\n'))).mode & 0o777).toBe(0o755);
  expect(await readlink(join(layer.work, 'link'))).toBe('/nowhere');
  await writeFile(join(layer.work, 'in/-rf\n'), 'y');
  expect(await readFile(join(tree, 'in/-rf\n'), 'utf8')).toBe('x');
  expect(layer.holder).toBeNull();
  await layer.close();
});

test('what agents wrote is removed whatever its modes, and links are not followed', async () => {
  const written = join(dir, 'written');
  await mkdir(join(written, 'shut'), { recursive: true });
  await writeFile(join(dir, 'outside'), 'kept');
  await symlink(dir, join(written, 'shut/link'));
  await writeFile(join(written, 'shut/file'), '', { mode: 0 });
  await removeWritten(written);
  await expect(stat(written)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readFile(join(dir, 'outside'), 'utf8')).toBe('kept');
});

test('where a job swaps a name for a link while modes are given back, what the link names keeps its own', async () => {
  const written = join(dir, 'written');
  const outside = join(dir, 'outside');
  await mkdir(join(written, 'shut'), { recursive: true });
  await writeFile(join(written, 'shut/file'), '');
  await writeFile(outside, 'the host’s own', { mode: 0o400 });
  // The job wins: between the look and the change there is a link.
  const bin = join(dir, 'bin');
  await mkdir(bin);
  const swapped = `#!/bin/sh\nfor last; do :; done; PATH=/usr/bin:/bin; ln -s ${outside} "$last/link"; chmod 644 "$last/link"; exec chmod "$@"\n`;
  await writeFile(join(bin, 'chmod'), swapped, { mode: 0o755 });
  const module = JSON.stringify(join(import.meta.dirname, 'layer.ts'));
  const program = `import(${module}).then(({ removeWritten }) => removeWritten(${JSON.stringify(written)}))`;
  for (const path of [join(written, 'shut/file'), join(written, 'shut'), written, outside, dir]) await giveAway(path);
  await chmod(join(written, 'shut'), 0);
  const [file, ...args] = [...asNobody, process.execPath, '-e', program];
  const [code] = (await once(spawn(file!, args, { env: withPath(bin), stdio: 'inherit' }), 'exit')) as [number];
  expect(code).toBe(0);
  await expect(stat(written)).rejects.toMatchObject({ code: 'ENOENT' });
  expect((await stat(outside)).mode & 0o777).toBe(0o400);
});

test('without control groups, processes and memory below a process are seen and a limit is called once', async () => {
  const script =
    'sleep 60 & (sleep 60 & sleep 60) & python3 -c "x = bytearray(80 * 2**20); print(1, flush=True); input()"';
  const child = spawn('bash', ['-c', script], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
  try {
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const usage = usageBelow(child.pid!);
    expect(usage.processes).toBeGreaterThanOrEqual(5);
    expect(usage.memoryBytes).toBeGreaterThan(80 * 2 ** 20);
    const calls = { memory: 0, processes: 0, neither: 0 };
    const watch = (name: keyof typeof calls, processes: number, memoryBytes: number) =>
      watchUsage({
        pid: () => child.pid!,
        limits: { processes, memoryBytes },
        onExceeded: () => void (calls[name] += 1),
      });
    const stops = [watch('memory', 99, 50 * 2 ** 20), watch('processes', 3, 2 ** 40), watch('neither', 99, 2 ** 40)];
    await expect.poll(() => [calls.memory, calls.processes], { timeout: 60_000 }).toEqual([1, 1]);
    await expect.poll(() => calls.neither + calls.memory, { timeout: 500 }).toBe(1);
    for (const stop of stops) stop();
  } finally {
    process.kill(-child.pid!, 'SIGKILL');
  }
});

test('a process that is gone uses nothing', () => {
  expect(usageBelow(2 ** 22 + 1)).toEqual({ processes: 0, memoryBytes: 0 });
});

describe('without control groups every limit is still held, and said to be', () => {
  let bench: Bench;
  let dataDir = '';
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'fleet-ungrouped-'));
    bench = await openBench(localSandbox({ dataDir }, { ungrouped: true }));
  });
  afterAll(async () => {
    await bench.close();
    await removeLivedIn(dataDir);
  });
  limitContract(() => bench, ['processes', 'memoryBytes']);

  test('files in memory are memory: /tmp and the home may not hold more than there is', async () => {
    const sandbox = await bench.open({ limits: { ...generous, memoryBytes: 200 * 2 ** 20 } });
    const fill = 'for i in 1 2 3 4 5; do for d in /tmp ~; do head -c 50000000 /dev/zero > $d/$i; done; done; sleep 20';
    expect(await runIn(sandbox, fill)).toMatchObject({ ended: 'killed', exceeded: 'memoryBytes' });
  });

  test('none is left to nobody', async () => {
    const { limits, detail } = await bench.port.probe();
    expect(limits).toMatchObject({
      memoryBytes: 'rlimit',
      diskBytes: 'watchdog',
      cpus: 'affinity',
      fileBytes: 'rlimit',
    });
    expect(limits.processes).not.toBeNull();
    expect(detail).toContain('no memory control group');
  });
});

test('on a disk that is nearly full no sandbox is started, and the words say what to do', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'disk-watch.ts'));
  const program = `import(${module}).then((m) => m.mustHaveRoom('.')).then(() => console.log('room'), (e) => console.log(e.code, e.message))`;
  const script = `mount -t tmpfs -o size=16m tmpfs "$1" && cd "$1" && "$2" -e "$3" && head -c 16400000 /dev/zero > f && "$2" -e "$3"`;
  const child = spawn('unshare', ['-Urm', '/bin/sh', '-c', script, 'sh', dir, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = (await child.stdout.setEncoding('utf8').toArray()).join('');
  expect(said).toMatch(
    /^room\nsandbox_unavailable The disk that holds \. is nearly full \(0 MiB left\).*Free some space/u,
  );
});

test('on a disk that is nearly full, what grows is stopped, whatever its own limit', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'disk-watch.ts'));
  const program = `import(${module}).then(async ({ watchDisk }) => {
    const onExceeded = async () => (console.log('stopped'), process.exit());
    watchDisk({ place: { holder: null, path: process.cwd() }, limitBytes: 2 ** 40, onExceeded });
    const { appendFileSync } = await import('node:fs');
    setInterval(() => appendFileSync('more', Buffer.alloc(150_000)), 250);
  })`;
  const script = `mount -t tmpfs -o size=64m tmpfs "$1" && cd "$1" && head -c 64300000 /dev/zero > f && "$2" -e "$3"`;
  const child = spawn('unshare', ['-Urm', '/bin/sh', '-c', script, 'sh', dir, process.execPath, program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect((await child.stdout.setEncoding('utf8').toArray()).join('')).toBe('stopped\n');
});

/** Root may do what nobody else may, so what hangs on rights is tried as somebody without any. */
const isRoot = process.getuid?.() === 0;
const asNobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const giveAway = async (path: string) => (isRoot ? chown(path, 65534, 65534) : undefined);

/** This process's environment, with programs of a folder before all others. */
function withPath(folder: string): NodeJS.ProcessEnv {
  const own = processEnvironment();
  return { ...own, PATH: `${folder}:${own['PATH']}` } as unknown as NodeJS.ProcessEnv;
}

test('where bubblewrap alone may make user namespaces, what shut folders hold counts too', async () => {
  const bin = join(dir, 'bin');
  await mkdir(bin);
  await writeFile(
    join(bin, 'unshare'),
    '#!/bin/sh\necho "unshare: unshare failed: Operation not permitted" >&2; exit 1\n',
    {
      mode: 0o755,
    },
  );
  await mkdir(join(dir, 'tree'));
  const module = (name: string) => JSON.stringify(join(import.meta.dirname, name));
  const program = `
    const { localSandbox } = await import(${module('local.ts')});
    const port = localSandbox({ dataDir: process.cwd() + '/data' });
    const limits = { processes: 64, fileBytes: 2 ** 26, memoryBytes: 2 ** 30, diskBytes: 2 ** 24, cpus: 1 };
    const sandbox = await port.open({ id: 'run_1', tree: process.cwd() + '/tree', writable: true, limits });
    const command = 'mkdir -m 300 x; for i in 1 2 3 4 5 6 7; do head -c 4000000 /dev/zero > x/$i; done; sleep 60';
    const { ended, exceeded } = await sandbox.exec({ command, timeoutMs: 50_000, maxOutputBytes: 99, signal: new AbortController().signal });
    console.log(ended, exceeded, (await port.probe()).limits.diskBytes);
    await sandbox.dispose();
    process.exit();`;
  for (const path of [dir, join(dir, 'tree')]) await giveAway(path);
  const [file, ...args] = [...asNobody, process.execPath, '--input-type=module', '-e', program];
  const env = withPath(bin);
  const child = spawn(file!, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] });
  expect((await child.stdout.setEncoding('utf8').toArray()).join('')).toBe('killed diskBytes watchdog\n');
});

test('where nothing can be measured, no sandbox is opened and the words say why', async () => {
  const module = JSON.stringify(join(import.meta.dirname, 'disk-watch.ts'));
  const program = `import(${module}).then((m) => m.mustMeasure('.')).catch((e) => console.log(e.code, e.message))`;
  await writeFile(join(dir, 'du'), '#!/bin/sh\necho "du: no" >&2; exit 1\n', { mode: 0o755 });
  const env = withPath(dir);
  const child = spawn(process.execPath, ['-e', program], { cwd: dir, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const said = (await child.stdout.setEncoding('utf8').toArray()).join('');
  expect(said).toMatch(/^sandbox_unavailable What sandboxes write below \. cannot be measured.*du: no/u);
});

/** A du that never ends where there is a file of this name beside it; else the host's own. */
async function blindable(bin: string): Promise<() => Promise<void>> {
  await mkdir(bin);
  const script = `#!/bin/sh\n[ ! -e ${bin}/blind ] || exec sleep 1000\nPATH=/usr/bin:/bin exec du "$@"\n`;
  await writeFile(join(bin, 'du'), script, { mode: 0o755 });
  return () => writeFile(join(bin, 'blind'), '');
}

test('while a look at the tree lasts, a command that goes on writing is stopped, and its words say why', async () => {
  const bin = join(dir, 'bin');
  await blindable(bin);
  await mkdir(join(dir, 'tree'));
  const module = JSON.stringify(join(import.meta.dirname, 'local.ts'));
  const program = `
    const { writeFileSync } = await import('node:fs');
    const { localSandbox } = await import(${module});
    const port = localSandbox({ dataDir: process.cwd() + '/data' });
    const limits = { processes: 64, fileBytes: 2 ** 26, memoryBytes: 2 ** 30, diskBytes: 2 ** 24, cpus: 1 };
    const sandbox = await port.open({ id: 'run_1', tree: process.cwd() + '/tree', writable: true, limits });
    const exec = (command) => sandbox.exec({ command, timeoutMs: 20_000, maxOutputBytes: 99, signal: new AbortController().signal });
    await exec('true');
    writeFileSync('bin/blind', '');
    const { ended, exceeded } = await exec('for i in $(seq 200); do head -c 2000000 /dev/zero > $i; sleep 0.05; done; sleep 60');
    console.log(ended, exceeded);
    process.exit();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: dir,
    env: withPath(bin),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect((await child.stdout.setEncoding('utf8').toArray()).join('')).toBe('killed diskBytes\n');
});

test.each([
  ['a look that does not end stops all', '{ lookMs: 500, stillMs: 500, entries: 1e9 }', true],
  ['too many files stop all', '{ lookMs: 30_000, stillMs: 30_000, entries: 50 }', false],
])('%s', async (_name, bounds, isBlind) => {
  const bin = join(dir, 'bin');
  const blind = await blindable(bin);
  const tree = join(dir, 'tree');
  await mkdir(tree);
  if (isBlind) await blind();
  const module = JSON.stringify(join(import.meta.dirname, 'disk-watch.ts'));
  const program = `import(${module}).then(async ({ watchDisk }) => {
    const onExceeded = async () => (console.log('stopped'), process.exit());
    watchDisk({ place: { holder: null, path: process.cwd() + '/tree' }, limitBytes: 2 ** 40, onExceeded }, ${bounds});
    const { writeFileSync } = await import('node:fs');
    for (let i = 0; i < 60; i += 1) writeFileSync('tree/' + i, '');
    setTimeout(() => (console.log('never'), process.exit()), 10_000);
  })`;
  const child = spawn(process.execPath, ['-e', program], {
    cwd: dir,
    env: withPath(bin),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect((await child.stdout.setEncoding('utf8').toArray()).join('')).toBe('stopped\n');
});
