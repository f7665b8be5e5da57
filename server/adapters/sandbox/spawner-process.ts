import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { SpawnerNews, SpawnerOrder } from './spawner.ts';

// A process with nothing in it, so that a fork costs little and stops nobody: Node waits in `spawn` until the new program
// runs, and copies its own page tables before. It ends with the process it works for, and its children end with it.

const children = new Map<number, ChildProcess>();
// Who is gone need not be told: that is on its way as `disconnect`.
const tell = (news: SpawnerNews) => void process.send?.(news, () => undefined);

function launch({ id, args, env, output, rules, passed }: Extract<SpawnerOrder, { kind: 'launch' }>): void {
  const opened: number[] = [];
  const open = (path: string, flags: string) => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    const nothing = open('/dev/null', 'r');
    const filter = rules === null ? nothing : open(rules, 'r');
    // Opening a named pipe to write waits for a reader, for ever where who would read was killed: so it is one for a moment.
    open(output, 'r+');
    const stdio: ('pipe' | 'ignore' | number)[] = ['pipe', open(output, 'w'), 'pipe', filter, 'pipe'];
    for (const fd of passed.filter((number) => number >= stdio.length)) {
      while (stdio.length < fd) stdio.push('ignore');
      stdio[fd] = fd;
    }
    // A session of its own: Ctrl-C on the terminal is for Fleet, which then stops its sandboxes in order.
    follow(id, spawn('/bin/sh', args, { env: env as NodeJS.ProcessEnv, cwd: '/', detached: true, stdio }));
  } catch (error) {
    tell({ id, kind: 'failed', reason: String(error) });
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

function follow(id: number, child: ChildProcess): void {
  children.set(id, child);
  for (const stream of child.stdio) stream?.on('error', () => undefined);
  child.stderr?.on('data', (bytes: Buffer) => tell({ id, kind: 'said', bytes }));
  child.once('spawn', () => tell({ id, kind: 'launched', pid: child.pid! }));
  child.once('error', (error) => {
    children.delete(id);
    tell({ id, kind: 'failed', reason: error.message });
  });
  child.once('close', (code) => {
    children.delete(id);
    tell({ id, kind: 'closed', code });
  });
}

function obey(order: SpawnerOrder): void {
  if (order.kind === 'launch') return launch(order);
  const child = children.get(order.id);
  if (!child) return;
  if (order.kind === 'kill') return void child.kill('SIGKILL');
  const stream = child.stdio[order.fd] as Writable;
  if (order.last) stream.end(order.bytes);
  else stream.write(order.bytes);
}

process.on('message', (order) => obey(order as SpawnerOrder));
process.once('disconnect', () => process.exit());
// Ctrl-C reaches the whole group; the process it works for decides what ends when.
process.on('SIGINT', () => undefined);
