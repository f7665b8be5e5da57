import { afterEach, describe, expect, test } from 'vitest';
import type { Sandbox } from '../../domain/ports/sandbox.ts';

/** The scripts that the core contract runs. A fake has to know what they do. */
export const coreScripts = {
  says: 'echo out; exit 3',
  waits: 'sleep 60',
  job: 'echo up; sleep 60',
} as const;

const signal = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder().decode(content);

/** What the agent's tools count on in every sandbox, real or not. The walls are the providers' own contract. */
export function sandboxCore(name: string, make: () => Promise<Sandbox>): void {
  describe(`${name} keeps the core of the sandbox contract`, () => {
    const opened: Sandbox[] = [];
    afterEach(async () => {
      for (const sandbox of opened.splice(0)) await sandbox.dispose();
    });
    const open = async () => {
      const sandbox = await make();
      opened.push(sandbox);
      return sandbox;
    };
    coreCommands(open);
    coreFiles(open);
  });
}

function coreCommands(open: () => Promise<Sandbox>): void {
  const request = { timeoutMs: 30_000, maxOutputBytes: 1024 };

  test('a command says how it ended and what it said', async () => {
    const result = await (await open()).exec({ command: coreScripts.says, ...request, signal });
    expect(result).toMatchObject({ exitCode: 3, ended: 'exited', droppedBytes: 0 });
    expect(text(result.head) + text(result.tail)).toBe('out\n');
    expect(result).not.toHaveProperty('exceeded');
  });

  test('an abort ends a command', async () => {
    const abort = new AbortController();
    const running = (await open()).exec({ command: coreScripts.waits, ...request, signal: abort.signal });
    abort.abort();
    expect(await running).toMatchObject({ exitCode: null, ended: 'aborted' });
  });

  test('a job says what it says, and is stopped once and for all', async () => {
    const heard = Promise.withResolvers<void>();
    const job = await (
      await open()
    ).start({ command: coreScripts.job, maxOutputBytes: 64, onOutput: () => heard.resolve() });
    await heard.promise;
    expect(text(job.read().head)).toBe('up\n');
    expect(await job.stop()).toEqual({ exitCode: null, ended: 'stopped' });
    expect(await job.stop()).toEqual(await job.ended);
  });

  test('closing ends a job, more than once is fine, and afterwards nothing works', async () => {
    const sandbox = await open();
    const job = await sandbox.start({ command: coreScripts.job, maxOutputBytes: 64 });
    await sandbox.dispose();
    await sandbox.dispose();
    expect(await job.ended).toEqual({ exitCode: null, ended: 'killed' });
    const closed = { code: 'sandbox_unavailable' };
    await expect(sandbox.exec({ command: coreScripts.says, ...request, signal })).rejects.toMatchObject(closed);
    await expect(sandbox.start({ command: coreScripts.job, maxOutputBytes: 64 })).rejects.toMatchObject(closed);
    await expect(sandbox.read('a', { maxBytes: 1, signal })).rejects.toMatchObject(closed);
  });
}

function coreFiles(open: () => Promise<Sandbox>): void {
  const all = { maxBytes: 100, signal };

  test('a file is made once, replaced where it is, and read as far as asked', async () => {
    const sandbox = await open();
    const write = (path: string, content: string, mode: 'create' | 'replace') =>
      sandbox.write(path, bytes(content), { mode, signal });
    expect(await sandbox.read('deep/a.txt', all)).toEqual({ kind: 'missing' });
    expect(await write('deep/a.txt', 'first', 'replace')).toEqual({ kind: 'missing' });
    expect(await write('deep/a.txt', 'first', 'create')).toEqual({ kind: 'written' });
    expect(await write('deep/a.txt', 'again', 'create')).toEqual({ kind: 'exists' });
    expect(await write('deep/a.txt', 'second', 'replace')).toEqual({ kind: 'written' });
    const part = await sandbox.read('deep/a.txt', { maxBytes: 3, signal });
    expect(part).toMatchObject({ kind: 'file', size: 6 });
    expect(part.kind === 'file' && text(part.bytes)).toBe('sec');
    expect(await sandbox.read('deep', all)).toEqual({ kind: 'directory', entries: ['a.txt'] });
    expect(await sandbox.read('.', all)).toMatchObject({ kind: 'directory', entries: ['deep/'] });
  });

  test('nothing outside can be named, and nothing be written in a .git', async () => {
    const sandbox = await open();
    const refused = { kind: 'refused' };
    for (const path of ['../a', 'a/../../b']) {
      expect(await sandbox.read(path, all)).toMatchObject(refused);
      expect(await sandbox.write(path, bytes('x'), { mode: 'create', signal })).toMatchObject(refused);
    }
    expect(await sandbox.write('.git/config', bytes('x'), { mode: 'create', signal })).toMatchObject(refused);
    expect(await sandbox.write('.', bytes('x'), { mode: 'create', signal })).toMatchObject(refused);
  });
}
