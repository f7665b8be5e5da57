import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generous, putIn, runIn, type Bench } from './contract-bench.ts';

const server = `
const http = require('node:http');
const page = http.createServer((request, response) => response.end('served ' + request.url + '\\n'));
page.listen(8080, '127.0.0.1', () => console.log('listening'));`;

const request = `node -e "fetch('http://127.0.0.1:8080/x').then(r => r.text()).then(t => process.stdout.write(t), e => console.log(e.cause.code))"`;

/** Resolves when a job has said `word`. */
function saying(word: string) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let text = '';
  const onOutput = (chunk: Uint8Array) => {
    text += Buffer.from(chunk).toString();
    if (text.includes(word)) resolve();
  };
  return { said: promise, onOutput };
}

/** What runs in the background, on the loopback that all commands of the sandbox share. */
export function jobContract(bench: () => Bench): void {
  test('a server started as a job answers the commands of its sandbox, of no other, and not the host', async () => {
    const sandbox = await bench().open();
    await putIn(sandbox, 'server.cjs', server);
    const { said, onOutput } = saying('listening');
    const job = await sandbox.start({ command: 'node server.cjs', maxOutputBytes: 1000, onOutput });
    await said;
    expect(Buffer.from(job.read().head).toString()).toBe('listening\n');
    const both = await Promise.all([runIn(sandbox, request), runIn(sandbox, request, { shell: 'kept' })]);
    expect(both.map(({ text }) => text)).toEqual(['served /x\n', 'served /x\n']);
    expect((await bench().run(request)).text).toBe('ECONNREFUSED\n');
    const own = createServer();
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    const { port } = own.address() as { port: number };
    const reach = `(echo > /dev/tcp/127.0.0.1/${port}) 2>&1 | grep -q refused && echo refused`;
    expect((await runIn(sandbox, reach)).text).toBe('refused\n');
    own.close();
    expect(await job.stop()).toEqual({ exitCode: null, ended: 'stopped' });
    expect(await job.stop()).toEqual({ exitCode: null, ended: 'stopped' });
    expect((await runIn(sandbox, request)).text).toBe('ECONNREFUSED\n');
    await sandbox.dispose();
  });

  test('a job that ends says how; two jobs have names of their own', async () => {
    const sandbox = await bench().open({ env: { SHOWN: 'yes' } });
    const start = (command: string) => sandbox.start({ command, maxOutputBytes: 1000 });
    const [one, two] = await Promise.all([start('echo $SHOWN; pwd; exit 3'), start('kill -9 $$')]);
    expect(one.id).not.toBe(two.id);
    expect(await one.ended).toEqual({ exitCode: 3, ended: 'exited' });
    expect(Buffer.from(one.read().head).toString() + Buffer.from(one.read().tail).toString()).toBe('yes\n/work\n');
    expect(await two.ended).toEqual({ exitCode: 137, ended: 'exited' });
  });

  test('a command neither sees nor ends a job, and closing the sandbox ends it', async () => {
    const sandbox = await bench().open();
    const { said, onOutput } = saying('up');
    const command = 'trap "" TERM; echo up; while :; do sleep 0.05; done';
    const job = await sandbox.start({ command, maxOutputBytes: 1000, onOutput });
    await said;
    expect((await runIn(sandbox, 'kill -9 -1; ps ax 2>/dev/null | grep -c "[t]rap"; echo')).code).not.toBeNull();
    expect((await runIn(sandbox, 'ls -d /proc/[0-9]* | wc -l')).text.trim()).toMatch(/^[1-6]$/u);
    await sandbox.dispose();
    expect(await job.ended).toEqual({ exitCode: null, ended: 'killed' });
    await expect(sandbox.start({ command, maxOutputBytes: 10 })).rejects.toMatchObject({ code: 'sandbox_unavailable' });
  });

  test('in a throw-away layer jobs and commands see the same files and the same loopback', async () => {
    const sandbox = await bench().open({ writable: false });
    await putIn(sandbox, 'server.cjs', server);
    await runIn(sandbox, 'echo x > only-here');
    const { said, onOutput } = saying('listening');
    const job = await sandbox.start({ command: 'cat only-here; exec node server.cjs', maxOutputBytes: 1000, onOutput });
    await said;
    expect((await runIn(sandbox, request)).text).toBe('served /x\n');
    expect(Buffer.from(job.read().head).toString()).toMatch(/^x\n/u);
    await sandbox.dispose();
  });
}

/** State that leaves the sandbox. */
export function forkContract(bench: () => Bench): void {
  const elsewhere = async (use: (folder: string) => Promise<void>) => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-fork-'));
    await use(folder).finally(() => rm(folder, { recursive: true, force: true }));
  };

  test('a snapshot has the state in the tree’s folder on the host', async () => {
    await bench().run('echo state > state');
    const folder = await bench().sandbox.snapshot();
    expect(folder).toBe(bench().tree);
    expect(await readFile(join(folder, 'state'), 'utf8')).toBe('state\n');
  });

  test('a fork starts with a copy of everything and goes its own way', () =>
    elsewhere(async (folder) => {
      const sandbox = await bench().open();
      await runIn(
        sandbox,
        `mkdir -p d; echo one > d/f; chmod 755 d/f; ln -s f d/l; echo n > $'d/-rf\\n'; echo s > s; chmod 0 s`,
      );
      const spec = { id: 'run_forked', tree: join(folder, 'tree'), writable: true, limits: generous };
      const forked = await sandbox.fork(spec);
      const seen = await runIn(forked, 'cat d/f; readlink d/l; stat -c %a d/f s; ls d | cat -A; echo two > d/f');
      expect(seen.text).toBe('one\nf\n755\n0\n-rf$\n$\nf$\nl$\n');
      expect((await runIn(sandbox, 'cat d/f; rm -rf d')).text).toBe('one\n');
      expect((await runIn(forked, 'cat d/f')).text).toBe('two\n');
      await forked.snapshot();
      expect(await readFile(join(folder, 'tree/d/f'), 'utf8')).toBe('two\n');
      await forked.dispose();
      await expect(sandbox.fork(spec)).rejects.toMatchObject({ code: 'sandbox_unavailable' });
      await sandbox.dispose();
    }));

  test('a fork of a throw-away layer has what the layer took', () =>
    elsewhere(async (folder) => {
      const sandbox = await bench().open({ writable: false });
      await runIn(sandbox, 'echo layered > layered');
      const spec = { id: 'run_forked', tree: join(folder, 'tree'), writable: true, limits: generous };
      const forked = await sandbox.fork(spec);
      expect((await runIn(forked, 'cat layered')).text).toBe('layered\n');
      await Promise.all([forked.dispose(), sandbox.dispose()]);
      expect(await readdir(bench().tree)).not.toContain('layered');
    }));

  test('folders shown read-only are read and not written', () =>
    elsewhere(async (folder) => {
      await writeFile(join(folder, 'cached'), 'cached');
      const sandbox = await bench().open({ mounts: [{ from: folder, to: '/opt/cache' }] });
      expect((await runIn(sandbox, 'cat /opt/cache/cached; echo x > /opt/cache/cached || echo refused')).text).toMatch(
        /^cached.*refused\n$/su,
      );
      expect((await stat(join(folder, 'cached'))).size).toBe(6);
      await expect(bench().open({ mounts: [{ from: folder, to: '/etc/x' }] })).rejects.toMatchObject({
        code: 'sandbox_unavailable',
      });
      await expect(bench().open({ env: { 'A B': '1' } })).rejects.toMatchObject({ code: 'sandbox_unavailable' });
      await sandbox.dispose();
    }));
}
