import { readFileSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBench, runIn, type Bench } from './contract-bench.ts';
import { localSandbox } from './local.ts';
import { processesWith } from './testing/leaks.ts';
import { removeLivedIn } from '../../testing/remove-lived-in.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'fleet-walls-'));
const port = localSandbox({ dataDir });
let bench: Bench;
beforeAll(async () => {
  bench = await openBench(port);
});
afterAll(async () => {
  await bench.close();
  await removeLivedIn(dataDir);
});

const python = (code: string) => bench.run(`python3 - <<'END'\n${code}\nEND`);

describe('nothing of the host is there', () => {
  test('folders', async () => {
    const { text } = await bench.run('ls / /home; ls -d /root /run /mnt /boot /srv /media /sys 2>/dev/null');
    expect(text.replaceAll(/^(?:s?bin|lib\w*)\n/gmu, '')).toBe(
      '/:\ndev\netc\nhome\nopt\nproc\ntmp\nusr\nvar\nwork\n\n/home:\nagent\n',
    );
  });

  test('settings that name users, networks or secrets', async () => {
    const { text } = await bench.run(
      'cd /etc; ls shadow gshadow sudoers resolv.conf hostname machine-id environment ssh fstab 2>/dev/null; cut -d: -f1 passwd',
    );
    expect(text).toBe('root\nagent\nnobody\n');
  });

  test('its data folder and the trees of other sandboxes', async () => {
    const other = await openBench(port);
    await writeFile(join(other.tree, 'secret'), 'secret');
    const { text } = await bench.run(`ls ${dataDir} ${other.tree} 2>/dev/null; find / -xdev -name secret 2>/dev/null`);
    await other.close();
    expect(text).toBe('');
  });

  test('processes, their environments and descriptors', async () => {
    const environments = 'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | cut -d= -f1 | sort -u | tr "\\n" " "';
    expect((await bench.run(environments)).text).toMatch(/^CI HOME LANG (?:OLDPWD )?PATH PWD (?:SHLVL )?(?:_ )?$/u);
    const { text } = await bench.run('for fd in /proc/1/fd/*; do echo "${fd##*/} $(readlink $fd)"; done');
    for (const line of text.trim().split('\n')) {
      const [fd, target = ''] = line.split(' ');
      expect(target, line).toMatch(Number(fd) <= 2 ? /^(?:socket:|\/dev\/null|\/.*\/pipes\/pipe-)/u : /^\/dev\/null$/u);
    }
  });

  test('sockets in its file system', async () => {
    const path = join(dataDir, 'service.sock');
    const server = createServer((socket) => socket.end('reached'));
    await new Promise<void>((resolve) => server.listen(path, resolve));
    const { text } = await python(
      `import socket\ntry: socket.socket(socket.AF_UNIX).connect(${JSON.stringify(path)})\nexcept OSError as e: print(type(e).__name__)`,
    );
    server.close();
    expect(text).toBe('FileNotFoundError\n');
  });
});

describe('nothing of the host can be changed', () => {
  test('kernel settings', async () => {
    const skip = '-path "/proc/[0-9]*" -o -path "/proc/*self" -o -path /proc/pressure';
    const { text } = await bench.run(
      `find /proc \\( ${skip} \\) -prune -o -type f -writable -print 2>/dev/null | head -5; echo 1 > /proc/sys/kernel/core_pattern`,
    );
    expect(text).toMatch(
      /^bash: line 1: \/proc\/sys\/kernel\/core_pattern: (?:Read-only file system|Permission denied)\n$/u,
    );
  });

  test('device nodes, and a command that spoils them spoils no other', async () => {
    const before = statSync('/dev/null').mode;
    await bench.run('chmod 000 /dev/null /dev/zero /dev/urandom; touch -d 2000-01-01 /dev/null');
    expect(statSync('/dev/null').mode).toBe(before);
    expect((await bench.run('echo x > /dev/null && echo writes')).text).toBe('writes\n');
  });

  test('system folders', async () => {
    const { text } = await bench.run(
      'for d in / /usr /usr/bin /etc /dev /opt/node/bin /home /var; do touch $d/x 2>/dev/null && echo $d; done; echo end',
    );
    expect(text).toBe('end\n');
  });

  test('no set-user-id file is left for the host', async () => {
    await bench.run('cp /bin/true s; chmod 4755 s; chmod u+s,g+s s; mkdir -m 2755 d');
    await python(
      "import os\nfor m in (0o4755, 0o2755):\n  try: os.close(os.open(f't{m}', os.O_CREAT | os.O_WRONLY, m))\n  except PermissionError: pass",
    );
    for (const name of await readdir(bench.tree)) expect(statSync(join(bench.tree, name)).mode & 0o6000, name).toBe(0);
    expect((await bench.run('touch plain; chmod 755 plain; stat -c %a plain')).text).toBe('755\n');
  });

  test('no link reaches out of /work for good', async () => {
    const { text } = await bench.run('ln /usr/bin/env hard 2>&1; ln -s /etc/shadow soft; cat soft 2>&1');
    expect(text).toContain('Invalid cross-device link');
    expect(text).toContain('No such file');
  });
});

describe('no way up', () => {
  test('no capability, no new privilege, a filter on system calls', async () => {
    const { text } = await bench.run(
      'grep -E "^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):" /proc/self/status | cut -f2 | tr "\\n" " "',
    );
    const none = '0000000000000000 ';
    expect(text).toBe(`${none.repeat(5)}1 2 `);
  });

  test('no namespace, mount, device, key or keystroke of its own', async () => {
    const tries = [
      'unshare -U true',
      'unshare -Ur true',
      'mount -t tmpfs x /tmp',
      'mknod d b 8 0',
      'bwrap --ro-bind / / true',
      'chroot / true',
      'nsenter -t 1 -m true',
    ];
    for (const command of tries) expect((await bench.run(command)).code, command).not.toBe(0);
    const { text } = await python(`
import ctypes, fcntl, os
libc = ctypes.CDLL(None, use_errno=True)
numbers = {'x86_64': [250, 248, 298, 321, 323, 425], 'aarch64': [219, 217, 241, 280, 282, 425]}[os.uname().machine]
print([libc.syscall(n, 0, 0, 0, 0, 0) for n in numbers])
try: fcntl.ioctl(os.open('/dev/ptmx', os.O_RDWR), 0x5412, b'x')
except PermissionError: print('no keystroke')`);
    expect(text).toBe('[-1, -1, -1, -1, -1, -1]\nno keystroke\n');
  });

  test('process 1 cannot be ended or stopped from inside', async () => {
    expect((await bench.run('kill -9 1; kill -STOP 1; echo still')).text).toBe('still\n');
  });
});

describe('nothing is left', () => {
  test('after many sandboxes: no process, mount, folder or control group', async () => {
    const groups = () =>
      ['pids', 'memory', 'cpu', ''].flatMap((kind) =>
        readdirSync(join('/sys/fs/cgroup', kind)).filter(
          (name) => name.startsWith(`fleet-`) && name.includes(`-${process.pid}-`),
        ),
      );
    const groupsBefore = groups().length;
    const [home = ''] = await readdir(join(dataDir, 'sandboxes'));
    const folders = (await readdir(join(dataDir, 'sandboxes', home))).length;
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(
        Array.from({ length: 8 }, async (_, i) => {
          const sandbox = await bench.open({ writable: i % 4 !== 0 });
          await runIn(sandbox, 'sleep 50 & setsid sleep 50 & echo hi');
          await sandbox.dispose();
        }),
      );
    }
    // Others mount and unmount on this host too.
    expect(readFileSync('/proc/self/mountinfo', 'latin1')).not.toContain(dataDir);
    expect(groups().length).toBe(groupsBefore);
    expect((await readdir(join(dataDir, 'sandboxes', home))).length).toBe(folders);
    // bubblewrap's own and the spare of the one sandbox that is open.
    expect(processesWith(dataDir).length).toBeLessThanOrEqual(2);
  });

  test('the tree keeps what was written', async () => {
    await bench.run('echo kept > kept');
    expect(await readFile(join(bench.tree, 'kept'), 'utf8')).toBe('kept\n');
  });
});
