import { readFile, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SandboxPort } from '../../domain/ports/sandbox.ts';
import { openBench, runIn, type Bench } from './contract-bench.ts';
import { sandboxCore } from './contract-core.ts';
import { fileContract } from './contract-files.ts';
import { forkContract, jobContract } from './contract-jobs.ts';
import { limitContract, type Tells } from './contract-limits.ts';
import { shellContract } from './contract-shell.ts';

const allLimits: Tells = ['processes', 'fileBytes', 'memoryBytes', 'diskBytes'];

/** What every provider of sandboxes holds. `makePort` is called once per group. */
export function sandboxContract(name: string, makePort: () => Promise<SandboxPort>, tells: Tells = allLimits): void {
  describe(`${name} keeps the sandbox contract`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(await makePort());
    });
    afterAll(() => bench.close());
    const get = () => bench;
    describe('commands', () => commandContract(get));
    describe('output and limits', () => limitContract(get, tells));
    describe('ends', () => endContract(get));
    describe('files', () => fileContract(get));
    describe('a throw-away layer', () => layerContract(get));
    describe('a kept shell', () => shellContract(get));
    describe('jobs', () => jobContract(get));
    describe('state', () => forkContract(get));
    sandboxCore(name, async () => get().open({ tree: await get().emptyTree() }));
  });
}

function commandContract(bench: () => Bench): void {
  test('probe answers', async () => {
    expect(await bench().port.probe()).toMatchObject({ ok: true });
  });

  test('run in /work as nobody in particular, and say how they ended', async () => {
    const { code, text } = await bench().run('pwd; id -u; echo out; echo err >&2; exit 7');
    expect({ code, text }).toEqual({ code: 7, text: '/work\n1000\nout\nerr\n' });
  });

  test('a process that dies by a signal ends as bash says it', async () => {
    expect(await bench().run('kill -9 $$; echo no')).toMatchObject({ code: 137, ended: 'exited', text: '' });
  });

  test('the environment is what the contract names and no more', async () => {
    const { text } = await bench().run('env | cut -d= -f1 | sort | tr "\\n" " "');
    expect(text).toBe('CI HOME LANG PATH PWD SHLVL _ ');
  });

  test('tools are there', async () => {
    const { code, text } = await bench().run(
      'node -v && npm -v && npx -v && git --version && python3 -V && make -v && rg -V',
    );
    expect(code, text).toBe(0);
    expect(text).toMatch(/^v\d+\./u);
  });

  test('input reaches the command; without any it ends at once', async () => {
    const { text } = await bench().run('cat; echo; cat', { stdin: Buffer.from('a\0b\xff', 'latin1') });
    expect(text).toBe('a\0b\xff\n');
    expect((await bench().run('cat; echo done')).text).toBe('done\n');
  });

  test('standard streams can be opened by name', async () => {
    expect((await bench().run('echo a > /dev/stdout; echo b > /dev/stderr; echo c | tee /dev/stderr')).text).toBe(
      'a\nb\nc\nc\n',
    );
  });

  test('scripts keep their bytes: many lines, quotes, other alphabets', async () => {
    const { text } = await bench().run(`cat <<'END'\n'"$x\`\\\nгород 東京 é\nEND\n# a comment at the end`);
    expect(Buffer.from(text, 'latin1').toString()).toBe(`'"$x\`\\\nгород 東京 é\n`);
    const long = 'x'.repeat(300_000);
    expect((await bench().run(`s=${long}; echo \${#s}`)).text).toBe('300000\n');
  });

  test('a NUL in the script is an error of the script', async () => {
    expect(await bench().run('echo a\0b')).toMatchObject({ code: 2, ended: 'exited' });
  });

  togetherContract(bench);
}

function togetherContract(bench: () => Bench): void {
  test('parallel commands do not mix', async () => {
    const runs = Array.from({ length: 8 }, (_, i) => bench().run(`for n in 1 2 3 4 5; do echo ${i}; done`));
    expect((await Promise.all(runs)).map(({ text }) => text)).toEqual(
      Array.from({ length: 8 }, (_, i) => `${i}\n`.repeat(5)),
    );
  });

  test('/work outlives a command, nothing else does', async () => {
    const wrote = 'echo kept > kept; echo gone > /tmp/gone; echo gone > ~/gone; export X=1; cd /tmp';
    expect(await bench().run(wrote)).toMatchObject({ code: 0, text: '' });
    expect((await bench().run('pwd; cat kept; ls /tmp ~; echo "[$X]"')).text).toBe(
      '/work\nkept\n/home/agent:\n\n/tmp:\n[]\n',
    );
  });

  test('no network: loopback of the host, names, other machines, vsock', async () => {
    const server = createServer((socket) => socket.end('reached'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const { text } = await bench().run(`
      (echo > /dev/tcp/127.0.0.1/${port}) 2>&1 | grep -q refused && echo refused
      (echo > /dev/tcp/1.1.1.1/80) 2>&1 | grep -q unreachable && echo unreachable
      python3 - <<'END'
import socket
try: print(socket.getaddrinfo('example.com', 80))
except socket.gaierror: print('no name')
try: print(socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM))
except OSError: print('no vsock')
END`);
    server.close();
    expect(text).toBe('refused\nunreachable\nno name\nno vsock\n');
  });
}

function endContract(bench: () => Bench): void {
  test('time runs out: what was said until then is kept', async () => {
    const result = await bench().run('echo said; sleep 60', { timeoutMs: 300 });
    expect(result).toMatchObject({ code: null, ended: 'timed_out', text: 'said\n' });
    expect(result.durationMs).toBeLessThan(5000);
  });

  test('an abort ends all, also what ignores signals', async () => {
    const abort = new AbortController();
    let asked = 0;
    const onOutput = () => {
      asked = performance.now();
      abort.abort();
    };
    const command = 'trap "" TERM INT HUP; setsid sh -c "trap \\"\\" TERM; sleep 60" & echo up; wait';
    const result = await bench().run(command, { signal: abort.signal, onOutput });
    expect(result).toMatchObject({ code: null, ended: 'aborted', text: 'up\n' });
    expect(performance.now() - asked).toBeLessThan(2000);
  });

  test('an abort that came before runs nothing', async () => {
    const signal = AbortSignal.abort();
    expect(await bench().run('touch ran', { signal })).toMatchObject({ ended: 'aborted', text: '' });
    expect(await readdir(await bench().sandbox.snapshot())).not.toContain('ran');
  });

  test('nothing survives a command: sessions of its own, two forks, closed streams', async () => {
    const survivor = 'while :; do date +%s%N >> /work/beat; sleep 0.01; done';
    await bench().run(`setsid bash -c '(${survivor}) <&- >&- 2>&- & disown' & sleep 0.2; [ -s beat ]`);
    const beats = String(await bench().onHost('beat'));
    expect(beats).not.toBe('');
    await bench().run('sleep 0.2');
    expect(String(await bench().onHost('beat'))).toBe(beats);
    expect((await bench().run('ls -d /proc/[0-9]* | wc -l')).text.trim()).toMatch(/^[1-6]$/u);
  });

  test('closing ends the running command; afterwards there is nothing to run in', async () => {
    const sandbox = await bench().open();
    const running = runIn(sandbox, 'sleep 60');
    await runIn(sandbox, 'true');
    await sandbox.dispose();
    await sandbox.dispose();
    expect(await running).toMatchObject({ code: null, ended: 'killed' });
    await expect(runIn(sandbox, 'true')).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  });

  test('clearing up takes nothing of a sandbox that lives', async () => {
    const sandbox = await bench().open();
    const job = await sandbox.start({ command: 'echo up; sleep 60', maxOutputBytes: 100 });
    expect(await bench().port.reap()).toEqual({ sandboxes: 0, processes: 0 });
    expect(await runIn(sandbox, 'echo alive')).toMatchObject({ text: 'alive\n' });
    expect(await job.stop()).toMatchObject({ ended: 'stopped' });
    await sandbox.dispose();
  });

  test('a tree that is not there is said to be', async () => {
    await expect(bench().open({ tree: '/nowhere/at/all' })).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  });
}

function layerContract(bench: () => Bench): void {
  test('takes all writes, keeps them while the sandbox lives, and leaves the tree alone', async () => {
    const { tree } = bench();
    await writeFile(join(tree, 'base'), 'base\n');
    const sandbox = await bench().open({ writable: false });
    const first = await runIn(
      sandbox,
      'echo more >> base; mkdir -p new; echo n > new/n; rm -f beat; chmod 0 new/n; ls new',
    );
    expect(first).toMatchObject({ code: 0, text: 'n\n' });
    expect((await runIn(sandbox, 'cat base; ls -d new beat')).text).toContain('base\nmore\n');
    const signal = new AbortController().signal;
    expect(await sandbox.write('note', Buffer.from('x'), { mode: 'create', signal })).toEqual({ kind: 'written' });
    expect(await sandbox.read('note', { maxBytes: 10, signal })).toMatchObject({ kind: 'file', size: 1 });
    await sandbox.dispose();
    expect(await readFile(join(tree, 'base'), 'utf8')).toBe('base\n');
    expect(await readdir(tree)).not.toContain('new');
  });
}
