import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generous, openBench, runIn, type Bench } from '../contract-bench.ts';
import { labels } from './container-options.ts';
import { dockerSandbox } from './docker.ts';
import { openEngine } from './engine.ts';
import { podmanEngine } from './testing/podman-engine.ts';

const { address, image, stop } = await podmanEngine();
const installation = randomUUID();
const port = dockerSandbox({ engine: address, image, installation });
const engine = openEngine(address);
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(port);
});
afterAll(async () => {
  await bench.close();
  await stop();
});

const python = (code: string) => bench.run(`python3 - <<'END'\n${code}\nEND`);
const mine = { label: [`${labels.installation}=${installation}`] };
const containers = () => engine.call('list', (docker) => docker.listContainers({ all: true, filters: mine }));
const volumes = () =>
  engine.call('list', async (docker) => (await docker.listVolumes({ filters: mine })).Volumes ?? []);

describe('no way up or out', () => {
  test('no capability, no new privilege, Fleet’s own filter on top of the engine’s', async () => {
    const { text } = await bench.run(
      'grep -E "^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp|Seccomp_filters):" /proc/self/status | cut -f2 | tr "\\n" " "',
    );
    expect(text).toBe(`${'0000000000000000 '.repeat(5)}1 2 2 `);
  });

  test('no namespace, mount or device of its own', async () => {
    for (const command of [
      'unshare -U true',
      'unshare -Ur true',
      'mount -t tmpfs x /tmp',
      'mknod d b 8 0',
      'chroot / true',
    ])
      expect((await bench.run(command)).code, command).not.toBe(0);
    const { text } = await python(`
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
numbers = {'x86_64': [250, 248, 298, 321, 323, 425], 'aarch64': [219, 217, 241, 280, 282, 425]}[os.uname().machine]
print([libc.syscall(n, 0, 0, 0, 0, 0) for n in numbers])`);
    expect(text).toBe('[-1, -1, -1, -1, -1, -1]\n');
  });

  test('the system is read-only, and no socket of the engine is there', async () => {
    const { text } = await bench.run(
      'for d in / /usr /usr/bin /etc /opt/node/bin /home /var; do touch $d/x 2>/dev/null && echo $d; done; find / -xdev -type s 2>/dev/null; find /run /var/run -type s 2>/dev/null; echo end',
    );
    expect(text).toBe('end\n');
  });

  test('process 1 cannot be ended from inside, and nobody else’s processes are seen', async () => {
    expect((await bench.run('kill -9 1; kill -STOP 1; echo still')).text).toBe('still\n');
    expect((await bench.run('ls -d /proc/[0-9]* | wc -l')).text.trim()).toMatch(/^[1-6]$/u);
  });
});

describe('the work tree comes over as it is, and as nothing else', () => {
  test('names, links and deletions arrive; sockets, pipes and set-user-id bits do not', async () => {
    await writeFile(join(bench.tree, 'old'), 'old');
    const sandbox = await bench.open();
    await runIn(
      sandbox,
      `rm old; mkdir -p d/e; echo x > $'d/e/-rf \\n\\xff'; ln -s /etc/passwd out; mkfifo pipe; ln -s d/e in`,
    );
    await sandbox.snapshot();
    expect(await readdir(bench.tree)).toEqual(expect.arrayContaining(['d', 'in', 'out']));
    expect(await readdir(bench.tree)).not.toEqual(expect.arrayContaining(['old']));
    expect(await readdir(bench.tree)).not.toContain('pipe');
    const [name] = await readdir(join(bench.tree, 'd/e'), { encoding: 'buffer' });
    expect(name).toEqual(Buffer.from('-rf \n\xff', 'latin1'));
  });

  test('a folder that becomes a link out of the tree takes nothing of the host with it', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'fleet-outside-'));
    await writeFile(join(outside, 'file'), 'untouched');
    const sandbox = await bench.open();
    await runIn(sandbox, 'mkdir -p swap; echo a > swap/file');
    await sandbox.snapshot();
    await runIn(sandbox, `rm -rf swap; ln -s ${outside} swap`);
    await sandbox.snapshot();
    await runIn(sandbox, 'rm swap; mkdir swap; echo b > swap/file');
    await sandbox.snapshot();
    expect(await readFile(join(outside, 'file'), 'utf8')).toBe('untouched');
    expect(await readFile(join(bench.tree, 'swap/file'), 'utf8')).toBe('b\n');
    await rm(outside, { recursive: true });
  });

  test('a link that stands on the host where a folder should be is not followed', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'fleet-outside-'));
    const sandbox = await bench.open();
    await runIn(sandbox, 'mkdir -p trap');
    await sandbox.snapshot();
    await rm(join(bench.tree, 'trap'), { recursive: true });
    await symlink(outside, join(bench.tree, 'trap'));
    await runIn(sandbox, 'echo x > trap/file');
    await expect(sandbox.snapshot()).rejects.toThrow(/is refused/u);
    expect(await readdir(outside)).toEqual([]);
    await rm(join(bench.tree, 'trap'));
    await rm(outside, { recursive: true });
  });

  test('more than the disk limit is not taken over', async () => {
    const sandbox = await bench.open({ limits: { ...generous, diskBytes: 2 ** 20 } });
    await runIn(sandbox, 'head -c 3000000 /dev/zero > big');
    await expect(sandbox.snapshot()).rejects.toThrow(/more than the 1048576 allowed/u);
  });
});

describe('what an agent shut stays shut', () => {
  const shut = 'mkdir -p d/e && echo x > d/e/f && chmod 0 d/e/f && chmod 100 d/e && chmod 0 d; echo y > g; chmod 200 g';
  const modes = 'stat -c "%a %n" g d; chmod 700 d; stat -c "%a %n" d/e; chmod 700 d/e; stat -c "%a %n" d/e/f';
  const asShut = '200 g\n0 d\n100 d/e\n0 d/e/f\n';

  test('where the host could not take the tree', async () => {
    const tree = await bench.emptyTree();
    const sandbox = await bench.open({ id: 'run_taken', tree });
    await runIn(sandbox, shut);
    await rm(tree, { recursive: true });
    await expect(sandbox.snapshot()).rejects.toThrow();
    expect((await runIn(sandbox, modes)).text).toBe(asShut);
  });

  test('where the tree is refused because its files say that they are too large', async () => {
    const tree = await bench.emptyTree();
    const sandbox = await bench.open({ id: 'run_refused', tree });
    await runIn(sandbox, `${shut}; for i in $(seq 20); do truncate -s 60M sparse$i; done`);
    await expect(sandbox.snapshot()).rejects.toThrow('more than the');
    expect((await runIn(sandbox, modes)).text).toBe(asShut);
  });
});

describe('nothing is left', () => {
  test('a closed sandbox leaves no container and no volume', async () => {
    const before = [(await containers()).length, (await volumes()).length];
    const sandbox = await bench.open({ id: 'run_closed' });
    await runIn(sandbox, 'setsid sleep 60 & echo hi');
    expect((await volumes()).length).toBe(before[1]! + 1);
    await sandbox.dispose();
    expect((await containers()).filter(({ Labels }) => Labels[labels.run] === 'run_closed')).toEqual([]);
    expect((await volumes()).length).toBe(before[1]);
  });

  test('the reaper takes a sandbox whose holder is gone, and no other', async () => {
    const lost = await bench.open({ id: 'run_lost' });
    await runIn(lost, 'true');
    const living = await bench.open({ id: 'run_living' });
    const of = async (run: string) => (await containers()).filter(({ Labels }) => Labels[labels.run] === run);
    const [holder] = (await of('run_lost')).filter(({ Labels }) => Labels[labels.role] === 'holder');
    await engine.call('kill', (docker) => docker.getContainer(holder!.Id).kill());
    const [volume] = (await volumes()).filter(({ Labels }) => Labels?.[labels.run] === 'run_lost');
    expect((await port.reap()).sandboxes).toBe(1);
    expect(await of('run_lost')).toEqual([]);
    expect((await runIn(living, 'echo lives')).text).toBe('lives\n');
    await expect(runIn(lost, 'true')).rejects.toMatchObject({ code: 'sandbox_unavailable' });
    expect((await volumes()).map(({ Name }) => Name)).not.toContain(volume!.Name);
  });
});

test('an engine that is not there, an image that is not, are said with what to do', async () => {
  const nobody = dockerSandbox({ engine: { name: 'gone', url: 'tcp://127.0.0.1:1', tls: null }, image, installation });
  expect(await nobody.probe()).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/not reachable: is it running/u),
  });
  const without = dockerSandbox({ engine: address, image: 'localhost/no-such-image:1', installation });
  expect(await without.probe()).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/fleet engine image test-podman/u),
  });
});
