import { closeSync, openSync } from 'node:fs';
import { fork, type ChildProcess, type StdioOptions } from 'node:child_process';

/** `args` of `/bin/sh`; `output` is a named pipe that becomes descriptor 1, `rules` a file that becomes descriptor 3. */
export type Launch = {
  args: string[];
  env: Record<string, string>;
  output: string;
  rules: string | null;
  /** Descriptors of the spawner that the process shall have; of all others it gets none. */
  passed: number[];
};

/** A process started by the spawner. What is written before it runs is kept for it. */
export type Launched = {
  /** Host process id; null before it runs. */
  pid(): number | null;
  /** Writes to descriptor 0 or 4; `last` closes it. */
  write(fd: 0 | 4, bytes: Uint8Array | string, last?: boolean): void;
  kill(): void;
  /** Keeps this program from ending before the process does. */
  hold(): void;
  /** What comes from its standard error. To be called at once. */
  onSaid(listener: (bytes: Buffer) => void): void;
  /** Resolves when it runs or never will. */
  launched: Promise<void>;
  /** Resolves when it and its streams have ended: its exit code, and a reason if it could not be started. */
  closed: Promise<{ code: number | null; reason: string }>;
};

export type Spawner = { launch(what: Launch): Launched };

export type SpawnerOrder =
  | ({ kind: 'launch'; id: number } & Launch)
  | { kind: 'write'; id: number; fd: 0 | 4; bytes: Uint8Array | string; last: boolean }
  | { kind: 'kill'; id: number };

export type SpawnerNews =
  | { kind: 'launched'; id: number; pid: number }
  | { kind: 'said'; id: number; bytes: Uint8Array }
  | { kind: 'closed'; id: number; code: number | null }
  | { kind: 'failed'; id: number; reason: string };

type Hear = (news: SpawnerNews) => void;

type Inheritance = { inherited: number[]; passes: boolean };

/**
 * Starts processes from a small process of its own. A fork from a big one costs milliseconds in which nothing else
 * happens: no heartbeat, no other run. Everything it started ends when it does; it is started again for what comes next.
 */
export function spawner(inheritance: Inheritance): Spawner {
  const listeners = new Map<number, Hear>();
  const helper = openHelper(inheritance, listeners);
  let last = 0;
  return {
    launch(what) {
      const id = (last += 1);
      const finish = () => {
        listeners.delete(id);
        helper.letGo(id);
      };
      const heard = listen((hear) => listeners.set(id, hear), finish);
      helper.send({ kind: 'launch', id, ...what });
      return {
        ...heard,
        write: (fd, bytes, end = false) => helper.send({ kind: 'write', id, fd, bytes, last: end }),
        kill: () => helper.send({ kind: 'kill', id }),
        hold: () => {
          if (listeners.has(id)) helper.hold(id);
        },
      };
    },
  };
}

function openHelper(inheritance: Inheritance, listeners: Map<number, Hear>) {
  const held = new Set<number>();
  let helper: ChildProcess | null = null;

  // What only waits for use must not keep Fleet from ending; what runs must.
  const holdOn = () => {
    const way = held.size > 0 ? 'ref' : 'unref';
    helper?.[way]();
    helper?.channel?.[way]();
  };
  const start = () => {
    const child = forkHelper(inheritance);
    child.on('message', (news) => listeners.get((news as SpawnerNews).id)?.(news as SpawnerNews));
    const lost = () => {
      if (helper !== child) return;
      helper = null;
      const reason = 'The process that starts sandboxes ended.';
      for (const [id, hear] of [...listeners]) hear({ kind: 'failed', id, reason });
    };
    child.once('exit', lost).once('error', lost);
    return child;
  };
  return {
    send(order: SpawnerOrder): void {
      if (helper === null) {
        helper = start();
        holdOn();
      }
      // When it cannot be reached it has ended, which says what has to be said.
      helper.send(order, () => undefined);
    },
    hold(id: number): void {
      held.add(id);
      holdOn();
    },
    letGo(id: number): void {
      if (held.delete(id)) holdOn();
    },
  };
}

/** What Fleet itself was given stays with it: the helper, and so all it starts, finds nothing there. */
function forkHelper({ inherited, passes }: Inheritance): ChildProcess {
  const nothing = openSync('/dev/null', 'r');
  const stdio: StdioOptions = ['ignore', 'ignore', 'inherit', 'ipc'];
  for (const fd of inherited.filter((number) => number >= stdio.length)) {
    while (stdio.length < fd) stdio.push('ignore');
    stdio[fd] = passes ? fd : nothing;
  }
  try {
    const file = new URL('spawner-process.ts', import.meta.url);
    return fork(file, { serialization: 'advanced', execArgv: [], stdio });
  } finally {
    closeSync(nothing);
  }
}

function listen(begin: (hear: Hear) => void, finish: () => void): Omit<Launched, 'write' | 'kill' | 'hold'> {
  const running = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<{ code: number | null; reason: string }>();
  let pid: number | null = null;
  let onSaid: (bytes: Buffer) => void = () => undefined;
  const close = (code: number | null, reason: string) => {
    finish();
    running.resolve();
    ended.resolve({ code, reason });
  };
  begin((news) => {
    if (news.kind === 'said') return onSaid(Buffer.from(news.bytes));
    if (news.kind === 'closed') return close(news.code, '');
    if (news.kind === 'failed') return close(null, news.reason);
    pid = news.pid;
    running.resolve();
  });
  return {
    pid: () => pid,
    onSaid: (listener) => void (onSaid = listener),
    launched: running.promise,
    closed: ended.promise,
  };
}
