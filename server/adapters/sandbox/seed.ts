import { readFileSync } from 'node:fs';
import { AppError } from '../../domain/errors.ts';
import { adviceFor } from './advice.ts';
import { sandboxEnv, shellProgram, type Program } from './bwrap-args.ts';
import type { Host } from './host.ts';
import { readNews } from './news.ts';
import type { Pipe, PipePool } from './pipes.ts';
import { missingWalls, type Blueprint } from './proof.ts';
import type { Exit, Shell } from './shell.ts';
import type { Launched, Spawner } from './spawner.ts';
import type { Weakness } from './weakness.ts';

/** What a process can be given before its sandbox is known. */
export type Soil = {
  host: Host;
  filter: string | null;
  pipes: PipePool;
  spawner: Spawner;
  groups: string[];
  weakness: Weakness;
};

/** Processes whose namespaces are entered first, if any. `user` owns those of the others. */
export type Entry = { user: number; mount: number | null; net: number | null };

/**
 * What makes a seed a world: bubblewrap's arguments, the program's first line, where to begin, and what must have come of
 * it all before a command runs.
 */
export type Growth = {
  walls: string[];
  line: string;
  entry: Entry | null;
  /** The processors it may run on, as a list; null: those of Fleet. */
  cpus: string | null;
  blueprint: Blueprint | null;
};

/** A process in its control groups already, which costs a while, that waits to be told its walls. */
export type Seed = { grow(growth: Growth): Shell; discard(): void };

/** Joins the control groups named by the first arguments, learns whom to enter, becomes bubblewrap. */
const launcher = `n=$1; shift
while [ $n -gt 0 ]; do echo 0 > "$1" || exit 1; shift; n=$((n-1)); done
read -r user mount net cpus || exit 1
[ "$cpus" = - ] || taskset -cp "$cpus" $$ > /dev/null || exit 1
[ "$user" != - ] || exec "$@"
set -- -- "$@"
[ "$net" = - ] || set -- "--net=/proc/$net/ns/net" "$@"
[ "$mount" = - ] || set -- "--mount=/proc/$mount/ns/mnt" "$@"
exec nsenter --preserve-credentials "--user=/proc/$user/ns/user" "$@"`;

const filterFd = 3;
const wallsFd = 4;

/** A process that cannot be started shows in `ready`. */
export async function plantSeed(soil: Soil, program: Program = shellProgram): Promise<Seed> {
  const pipe = await soil.pipes.take();
  const child = launch({ ...soil, program }, pipe);
  const news = readNews(program.up, (words) => adviceFor(words));
  child.onSaid(news.hear);
  let stopped: Pick<Exit, 'stopped' | 'exceeded'> = { stopped: null };
  let alive = true;
  // What only waits for use must not keep Fleet from ending.
  pipe.reader.unref();
  void child.launched.then(pipe.handedOver);
  // Nothing that could write is left by then, so the pipe's end is certain to come.
  const drained = new Promise<void>((resolve) => pipe.reader.once('close', () => resolve()));
  const ended = child.closed.then(async ({ code, reason }) => {
    news.close(reason);
    alive = false;
    pipe.reader.resume();
    await drained;
    pipe.release();
    return { code, ...stopped };
  });
  const stop: Shell['stop'] = (why, exceeded) => {
    if (stopped.stopped === null) stopped = { stopped: why, ...(exceeded && { exceeded }) };
    // A bubblewrap killed while it sets up can leave a child that waits for it for ever: a moment later it is safe.
    void news.arrived.then(() => alive && endAll(child));
  };
  const grow = ({ walls, line, entry, cpus, blueprint }: Growth): Shell => {
    pipe.reader.ref();
    child.hold();
    child.write(wallsFd, walls.map((arg) => `${arg}\0`).join(''), true);
    const places = entry === null ? ['-', '-', '-'] : [entry.user, entry.mount ?? '-', entry.net ?? '-'];
    child.write(0, `${places.join(' ')} ${cpus ?? '-'}\n${line}\n`);
    const pid = () => (alive ? firstProcess(child) : null);
    // At once, so that a shell that waits has been looked at before it is wanted.
    const missing = news.arrived.then(() => (blueprint && alive ? missingIn(pid(), blueprint) : []));
    const ready = async () => {
      await news.check();
      refuse(await missing);
    };
    const write = (bytes: Uint8Array, last = false) => child.write(0, bytes, last);
    return {
      write,
      output: pipe.reader,
      ready,
      said: news.said,
      stop,
      pid,
      alive: () => alive && stopped.stopped === null,
      ended,
    };
  };
  return { grow, discard: child.kill };
}

function missingIn(pid: number | null, blueprint: Blueprint): string[] {
  return pid === null ? ['first process'] : missingWalls(pid, blueprint);
}

function refuse(missing: string[]): void {
  if (missing.length === 0) return;
  const words = `The sandbox started without its walls, so nothing was run in it. Missing: ${missing.join(', ')}.`;
  throw new AppError('sandbox_unavailable', words);
}

function launch(
  { host, filter, groups, weakness, spawner, program }: Soil & { program: Program },
  pipe: Pipe,
): Launched {
  const seccomp = filter === null ? [] : ['--seccomp', String(filterFd)];
  const bwrap = [host.bwrap, ...seccomp, '--args', String(wallsFd), '--', ...program.args];
  return spawner.launch({
    args: ['-c', launcher, 'sh', String(groups.length), ...groups, ...bwrap],
    env: { ...weakness.env, ...sandboxEnv },
    output: pipe.path,
    rules: filter,
    passed: weakness.inherits ? host.inherited : [],
  });
}

/** Ending process 1 makes the kernel end all the others before bubblewrap hears of it; ending bubblewrap does in the end. */
function endAll(child: Launched): void {
  const pid = firstProcess(child);
  try {
    if (pid !== null && process.kill(pid, 'SIGKILL')) return;
  } catch {
    // It ended by itself meanwhile.
  }
  child.kill();
}

function firstProcess(bwrap: Launched): number | null {
  const pid = bwrap.pid();
  try {
    return Number.parseInt(readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1'), 10) || null;
  } catch {
    return null;
  }
}
