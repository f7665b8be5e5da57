import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generous, type Bench } from './contract-bench.ts';

const signal = new AbortController().signal;
const bytes = (text: string) => Buffer.from(text);

/** Reading and writing files: the part of the contract that file tools stand on. */
export function fileContract(bench: () => Bench): void {
  readContract(bench);
  writeContract(bench);
  escapeContract(bench);
}

function readContract(bench: () => Bench): void {
  const read = (path: string, maxBytes = 1000) => bench().sandbox.read(path, { maxBytes, signal });

  test('a file is read up to the bytes asked for, with its true size', async () => {
    await bench().put('data', Buffer.from([0, 255, 10, 65, 66]));
    expect(await read('data', 4)).toEqual({ kind: 'file', bytes: Buffer.from([0, 255, 10, 65]), size: 5 });
    expect(await read('/work/./x/../data')).toMatchObject({ kind: 'file', size: 5 });
    expect(await read('empty-or-not')).toEqual({ kind: 'missing' });
  });

  test('a large file costs only what is asked for', async () => {
    await bench().put('large', Buffer.alloc(8 * 2 ** 20, 97));
    const found = await read('large', 3 * 2 ** 20);
    expect(found).toMatchObject({ kind: 'file', size: 8 * 2 ** 20 });
    expect(found.kind === 'file' && found.bytes.length).toBe(3 * 2 ** 20);
  });

  test('a folder lists, folders with a slash', async () => {
    await bench().run('mkdir -p folder/inner');
    await bench().put('folder/b', '');
    await bench().put('folder/new\nline', '');
    expect(await read('folder')).toEqual({ kind: 'directory', entries: ['b', 'inner/', 'new\nline'] });
    expect(await read('.')).toMatchObject({ kind: 'directory' });
    expect(await read('folder/b/c')).toEqual({ kind: 'missing' });
  });

  test('what is no regular file is refused and never waited for', async () => {
    await bench().run('mkfifo fifo; python3 -c "import socket; socket.socket(socket.AF_UNIX).bind(\'sock\')"');
    expect(await read('fifo')).toMatchObject({ kind: 'refused', reason: 'not a regular file' });
    expect(await read('sock')).toMatchObject({ kind: 'refused' });
    await bench().run('ln -s /dev/zero zero');
    expect(await read('zero')).toMatchObject({ kind: 'refused' });
  });

  test('no permission is said', async () => {
    await bench().run('touch closed; chmod 0 closed; mkdir shut; chmod 0 shut');
    expect(await read('closed')).toEqual({ kind: 'refused', reason: 'permission denied' });
    expect(await read('shut')).toEqual({ kind: 'refused', reason: 'permission denied' });
    expect(await read('shut/x')).toMatchObject({ kind: 'refused' });
  });
}

function writeContract(bench: () => Bench): void {
  const write = (path: string, text: string, mode: 'create' | 'replace' = 'create') =>
    bench().sandbox.write(path, bytes(text), { mode, signal });
  const onHost = async (path: string) => String(await bench().onHost(path));

  test('create makes parents and refuses what is there; replace refuses what is not', async () => {
    expect(await write('a/b/c', 'one')).toEqual({ kind: 'written' });
    expect(await onHost('a/b/c')).toBe('one');
    expect(await write('a/b/c', 'two')).toEqual({ kind: 'exists' });
    expect(await write('a/b', 'two')).toEqual({ kind: 'exists' });
    expect(await write('a/b/d', 'two', 'replace')).toEqual({ kind: 'missing' });
    expect(await write('a/x/d', 'two', 'replace')).toEqual({ kind: 'missing' });
    expect(await write('a/b/c', 'three', 'replace')).toEqual({ kind: 'written' });
    expect(await onHost('a/b/c')).toBe('three');
    expect(await write('a/b/c/d', 'x')).toMatchObject({ kind: 'refused' });
    expect(await write('a/b', 'x', 'replace')).toMatchObject({ kind: 'refused' });
    expect(await write('.', 'x')).toMatchObject({ kind: 'refused' });
  });

  test('replace keeps the mode and leaves nothing beside', async () => {
    await bench().put('tools/run.sh', '#!/bin/sh\n');
    await bench().run('chmod 755 tools/run.sh');
    await write('tools/run.sh', '#!/bin/sh\nexit 0\n', 'replace');
    expect((await bench().run('stat -c %a tools/run.sh')).text).toBe('755\n');
    expect(await bench().sandbox.read('tools', { maxBytes: 1, signal })).toEqual({
      kind: 'directory',
      entries: ['run.sh'],
    });
  });

  test('megabytes and bytes that are no text arrive whole', async () => {
    const blob = Buffer.alloc(5 * 2 ** 20, 'ab\0\xff', 'latin1');
    expect(await bench().sandbox.write('blob', blob, { mode: 'create', signal })).toEqual({ kind: 'written' });
    expect(blob.equals(await bench().onHost('blob'))).toBe(true);
  });

  namesContract(bench);
}

function namesContract(bench: () => Bench): void {
  const write = (path: string, text: string, mode: 'create' | 'replace' = 'create') =>
    bench().sandbox.write(path, bytes(text), { mode, signal });
  const onHost = async (path: string) => String(await bench().onHost(path));

  test.each([
    '-rf',
    '--output=x',
    'new\nline',
    ' ',
    "it's",
    '$(touch pwned)',
    '`id`',
    'a b/c\td',
    '*',
    'é/東京',
    '\\',
    '~',
    '#x',
    '!',
  ])('the name %j is a name', async (name) => {
    const path = `odd/${name}`;
    expect(await write(path, name)).toEqual({ kind: 'written' });
    expect(await write(path, `${name}!`, 'replace')).toEqual({ kind: 'written' });
    expect(await bench().sandbox.read(path, { maxBytes: 100, signal })).toMatchObject({
      kind: 'file',
      bytes: bytes(`${name}!`),
    });
    expect(await onHost(path)).toBe(`${name}!`);
  });

  test('too large a file leaves nothing', async () => {
    const sandbox = await bench().open({ limits: { ...generous, fileBytes: 1024 * 1024 } });
    const big = Buffer.alloc(2 * 1024 * 1024);
    expect(await sandbox.write('too-big', big, { mode: 'create', signal })).toMatchObject({ kind: 'refused' });
    expect(await sandbox.read('too-big', { maxBytes: 1, signal })).toEqual({ kind: 'missing' });
    await sandbox.write('small', bytes('small'), { mode: 'create', signal });
    expect(await sandbox.write('small', big, { mode: 'replace', signal })).toMatchObject({ kind: 'refused' });
    expect(await readFile(join(await sandbox.snapshot(), 'small'), 'utf8')).toBe('small');
  });
}

function escapeContract(bench: () => Bench): void {
  const read = (path: string) => bench().sandbox.read(path, { maxBytes: 1000, signal });
  const write = (path: string, mode: 'create' | 'replace' = 'create') =>
    bench().sandbox.write(path, bytes('x'), { mode, signal });

  test.each(['..', '../x', 'a/../../x', '/etc/passwd', '/workshop', '/', 'a\0b', '\ud800'])(
    'the path %j is refused',
    async (path) => {
      expect(await read(path)).toMatchObject({ kind: 'refused' });
      expect(await write(path)).toMatchObject({ kind: 'refused' });
    },
  );

  test('links inside /work are followed, links out of it are not', async () => {
    await bench().put('real/file', 'real');
    for (const [name, target] of [
      ['in-file', 'real/file'],
      ['in-folder', 'real'],
      ['absolute', '/work/real/file'],
      ['out-file', '/etc/passwd'],
      ['out-folder', '/etc'],
      ['up', '../etc'],
      ['loop', 'loop'],
      ['dangling-in', 'real/none'],
      ['dangling-out', '/tmp/none'],
      ['proc', '/proc/self/root/etc/passwd'],
      ['stdout', '/dev/stdout'],
    ] as const) {
      await bench().run(`ln -s '${target}' '${name}'`);
    }
    for (const path of ['in-file', 'in-folder/file', 'absolute'])
      expect(await read(path)).toMatchObject({ kind: 'file', size: 4 });
    expect(await write('in-file', 'replace')).toEqual({ kind: 'written' });
    expect(await write('in-folder/new')).toEqual({ kind: 'written' });
    expect(String(await bench().onHost('real/file'))).toBe('x');
    for (const path of ['out-file', 'out-folder', 'out-folder/passwd', 'up/passwd', 'dangling-out', 'proc', 'stdout']) {
      expect(await read(path), path).toMatchObject({ kind: 'refused' });
      expect(await write(path, 'replace'), path).toMatchObject({ kind: 'refused' });
    }
    expect(await write('out-folder/none')).toMatchObject({ kind: 'refused' });
    expect(await write('dangling-out')).toEqual({ kind: 'exists' });
    expect(await write('dangling-in')).toEqual({ kind: 'exists' });
    expect(await read('dangling-in')).toEqual({ kind: 'missing' });
    expect((await read('loop')).kind).not.toBe('file');
  });

  test('nothing is written inside a .git, however it is spelt or reached', async () => {
    await bench().run('mkdir -p .git real-git/.git; ln -s .git g; ln -s real-git/.git gg; touch .git/config');
    const spelt = ['.git/config', '.git', 'a/.git/hooks/pre-commit', '.GIT/x', '.Git', 'git~1/x', '.git./x', '.git /x'];
    const folded = ['.g\u200cit/x', '.git:stream', '．git/x', '.git::$INDEX_ALLOCATION/x'];
    for (const path of [...spelt, ...folded, 'g/config', 'gg/config']) {
      expect(await write(path), path).toMatchObject({ kind: 'refused' });
      expect(await write(path, 'replace'), path).toMatchObject({ kind: 'refused' });
    }
    for (const path of ['.gitignore', '.github/x', 'digit/x', 'a.git/x'])
      expect(await write(path), path).toEqual({ kind: 'written' });
  });
}
