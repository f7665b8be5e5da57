import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { AppError } from '../../domain/errors.ts';
import { adviceFor } from './advice.ts';
import { sandboxEnv, shellProgram, type Program } from './bwrap-args.ts';
import type { Host } from './host.ts';
import type { Pipe, PipePool } from './pipes.ts';
import { missingWalls, type Blueprint } from './proof.ts';
import type { Weakness } from './weakness.ts';

/** What a process can be given before its sandbox is known. */
export type Soil = { host: Host; filter: string | null; pipes: PipePool; groups: string[]; weakness: Weakness };

/** Processes whose namespaces are entered first, if any. `user` owns those of the others. */
export type Entry = { user: number; mount: number | null; net: number | null };

/**
 * What makes a seed a world: bubblewrap's arguments, the program's first line, where to begin, and what must have come of
 * it all before a command runs.
 */
export type Growth = { walls: string[]; line: string; entry: Entry | null; blueprint: Blueprint | null };

type Stop = 'timed_out' | 'aborted' | 'killed';
export type Exit = { code: number | null; stopped: Stop | null };

/** A confined shell, up or coming up. Its standard input takes one command; `pipe` is its output. */
export type Shell = {
  child: ChildProcess;
  pipe: Pipe;
  /** Resolves when the shell waits for its command and its walls stand; throws `sandbox_unavailable` when it never will. */
  ready(): Promise<void>;
  /** What was said after it was up, on a descriptor that is not the output. */
  said(): Buffer;
  stop(why: Stop): void;
  /** Host process id of process 1 inside; null before it is there and after its end. */
  pid(): number | null;
  alive(): boolean;
  /** Resolves when every process is dead and the output has been read to its end. */
  ended: Promise<Exit>;
};

/** A process in its control groups already, which costs a while, that waits to be told its walls. */
export type Seed = { grow(growth: Growth): Shell; discard(): void };

/** Joins the control groups named by the first arguments, learns whom to enter, becomes bubblewrap. */
const launcher = `n=$1; shift
while [ $n -gt 0 ]; do echo 0 > "$1" || exit 1; shift; n=$((n-1)); done
read -r user mount net || exit 1
[ "$user" != - ] || exec "$@"
set -- -- "$@"
[ "$net" = - ] || set -- "--net=/proc/$net/ns/net" "$@"
[ "$mount" = - ] || set -- "--mount=/proc/$mount/ns/mnt" "$@"
exec nsenter --preserve-credentials "--user=/proc/$user/ns/user" "$@"`;

const filterFd = 3;
const wallsFd = 4;

/** Throws `sandbox_unavailable` when no process can be started; later failures show in `ready`. */
export async function plantSeed(soil: Soil, program: Program = shellProgram): Promise<Seed> {
  const pipe = await soil.pipes.take();
  const child = spawnLauncher({ ...soil, program }, pipe);
  const news = readNews(child, program.up);
  let stopped: Stop | null = null;
  let alive = true;
  const handles = [child, child.stdin, child.stderr, child.stdio[wallsFd], pipe.reader] as {
    ref(): void;
    unref(): void;
  }[];
  // A process that only waits for use must not keep Fleet from ending.
  for (const handle of handles) handle.unref();
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      news.close('');
      resolve(code);
    });
    child.once('error', (error) => {
      news.close(error.message);
      resolve(null);
    });
  });
  // Nothing that could write is left by then, so the pipe's end is certain to come.
  const drained = new Promise<void>((resolve) => pipe.reader.once('close', () => resolve()));
  const ended = exited.then(async (code) => {
    alive = false;
    pipe.reader.resume();
    await drained;
    pipe.release();
    return { code, stopped };
  });
  const stop = (why: Stop) => {
    stopped ??= why;
    // A bubblewrap killed while it sets up can leave a child that waits for it for ever: a moment later it is safe.
    void news.arrived.then(() => alive && endAll(child));
  };
  const grow = ({ walls, line, entry, blueprint }: Growth): Shell => {
    for (const handle of handles) handle.ref();
    (child.stdio[wallsFd] as Duplex).end(walls.map((arg) => `${arg}\0`).join(''));
    const places = entry === null ? ['-', '-', '-'] : [entry.user, entry.mount ?? '-', entry.net ?? '-'];
    child.stdin?.write(`${places.join(' ')}\n${line}\n`);
    const pid = () => (alive ? firstProcess(child) : null);
    // At once, so that a shell that waits has been looked at before it is wanted.
    const missing = news.arrived.then(() => (blueprint && alive ? missingIn(pid(), blueprint) : []));
    const ready = async () => {
      await news.check();
      refuse(await missing);
    };
    return { child, pipe, ready, said: news.said, stop, pid, alive: () => alive, ended };
  };
  return { grow, discard: () => child.kill('SIGKILL') };
}

function missingIn(pid: number | null, blueprint: Blueprint): string[] {
  return pid === null ? ['first process'] : missingWalls(pid, blueprint);
}

function refuse(missing: string[]): void {
  if (missing.length === 0) return;
  const words = `The sandbox started without its walls, so nothing was run in it. Missing: ${missing.join(', ')}.`;
  throw new AppError('sandbox_unavailable', words);
}

function spawnLauncher(
  { host, filter, groups, weakness, program }: Soil & { program: Program },
  pipe: Pipe,
): ChildProcess {
  const nothing = openSync('/dev/null', 'r');
  const rules = filter === null ? nothing : openSync(filter, 'r');
  const stdio: ('pipe' | 'ignore' | number)[] = ['pipe', pipe.writer, 'pipe', rules, 'pipe'];
  for (const fd of host.inherited.filter((number) => number >= stdio.length)) {
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = weakness.inherits ? fd : nothing;
  }
  const seccomp = filter === null ? [] : ['--seccomp', String(filterFd)];
  const bwrap = [host.bwrap, ...seccomp, '--args', String(wallsFd), '--', ...program.args];
  const args = ['-c', launcher, 'sh', String(groups.length), ...groups, ...bwrap];
  const env = { ...weakness.env, ...sandboxEnv } as unknown as NodeJS.ProcessEnv;
  try {
    // A session of its own: Ctrl-C on the terminal is for Fleet, which then stops its sandboxes in order.
    return spawn('/bin/sh', args, { env, cwd: '/', detached: true, stdio });
  } catch (error) {
    pipe.release();
    throw new AppError('sandbox_unavailable', `No process could be started for the sandbox: ${String(error)}`);
  } finally {
    pipe.handedOver();
    closeSync(nothing);
    if (rules !== nothing) closeSync(rules);
  }
}

/** Ending process 1 makes the kernel end all the others before bubblewrap hears of it; ending bubblewrap does in the end. */
function endAll(child: ChildProcess): void {
  const pid = firstProcess(child);
  try {
    if (pid !== null && process.kill(pid, 'SIGKILL')) return;
  } catch {
    // It ended by itself meanwhile.
  }
  child.kill('SIGKILL');
}

function firstProcess(bwrap: ChildProcess): number | null {
  try {
    return Number.parseInt(readFileSync(`/proc/${bwrap.pid}/task/${bwrap.pid}/children`, 'latin1'), 10) || null;
  } catch {
    return null;
  }
}

/** `arrived` resolves when the shell is up or will never be; `check` then throws in the second case. */
type News = { arrived: Promise<void>; check(): Promise<void>; said(): Buffer; close(reason: string): void };

const mostSaid = 256 * 1024;

/** Standard error of launcher and bubblewrap: their complaints, or the word that the program is up and what it says then. */
function readNews(child: ChildProcess, up: RegExp): News {
  let text = '';
  let after: Buffer[] | null = null;
  let size = 0;
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  child.stderr?.on('data', (chunk: Buffer) => {
    if (after === null) {
      text = (text + chunk.toString('latin1')).slice(-8192);
      const found = up.exec(text);
      if (!found) return;
      chunk = Buffer.from(text.slice(found.index + found[0].length), 'latin1');
      after = [];
      resolve();
    }
    size += chunk.length;
    if (size <= mostSaid) after.push(chunk);
  });
  for (const stream of [child.stderr, child.stdin, child.stdio[wallsFd]]) stream?.on('error', () => undefined);
  return {
    arrived,
    said: () => (size <= mostSaid ? Buffer.concat(after ?? []) : Buffer.alloc(0)),
    check: async () => {
      await arrived;
      if (after !== null) return;
      const words = text.trim() || 'bubblewrap gave no reason.';
      throw new AppError('sandbox_unavailable', `The sandbox did not start: ${words}\n${adviceFor(words)}`.trim());
    },
    close: (reason) => {
      if (after === null) text += reason;
      resolve();
    },
  };
}
