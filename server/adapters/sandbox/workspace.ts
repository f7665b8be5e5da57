import { AppError } from '../../domain/errors.ts';
import type { ExecRequest, ExecResult, Sandbox } from '../../domain/ports/sandbox.ts';
import { fileAccess } from './file-access.ts';
import { openJob } from './job.ts';
import { runCommand } from './run-command.ts';
import { prologueOf, readState, type ShellState } from './shell-state.ts';
import type { Shell } from './shell.ts';
import { spareShells, type SpareShells } from './spare-shells.ts';

const aheadMs = 5;

/** A source of confined shells, and what stands around them. */
export type Shells = Pick<Sandbox, 'snapshot' | 'fork'> & {
  make(): Promise<Shell>;
  /** From now on shells share one loopback. Those that were made before do not. */
  shareNet(): Promise<void>;
  /** Runs just before each command. */
  before(): void;
  /** Exports of every command and job, as bash text. */
  exports: string;
  cpuSeconds(wallMs: number): number | null;
  /** `Sandbox.treeState`, asked only while nothing runs that could write. */
  treeState?(): Promise<string | null>;
  release(): Promise<void>;
};

/**
 * One sandbox over a source of confined shells. Every command gets a shell of its own, so that nothing outlives it or
 * touches another's output; one shell always waits, so that a command need not wait for it to start.
 */
export async function openWorkspace(shells: Shells): Promise<Sandbox> {
  const spares = spareShells(shells.make);
  const work = workNow();
  const run = counted(work, commandRunner(shells, spares));
  let disposed: Promise<void> | null = null;
  let jobs = 0;
  const mustBeOpen = () => {
    if (disposed) throw new AppError('sandbox_unavailable', 'This sandbox has been closed.');
  };
  const dispose = async () => {
    await spares.close();
    await shells.release();
  };
  const opened: Sandbox = {
    exec: async (request) => {
      mustBeOpen();
      return run(request, shells.exports);
    },
    start: async (request) => {
      mustBeOpen();
      if (request.command.includes('\0')) throw new AppError('sandbox_unavailable', nulWords.trim());
      await shells.shareNet();
      mustBeOpen();
      const shell = await spares.fresh();
      void work.until(shell.ended);
      shells.before();
      setImmediate(spares.prepare);
      jobs += 1;
      return openJob(`job_${jobs}`, shell, { ...request, prologue: Buffer.from(shells.exports) });
    },
    ...fileAccess(async (request) => {
      mustBeOpen();
      return run(request, '');
    }),
    snapshot: async () => {
      mustBeOpen();
      return shells.snapshot();
    },
    ...work.known(shells),
    fork: async (spec) => {
      mustBeOpen();
      return shells.fork(spec);
    },
    dispose: () => (disposed ??= dispose()),
  };
  try {
    const first = await spares.take();
    await first.ready();
    spares.putBack(first);
    return opened;
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}

type Run = (request: ExecRequest, base: string) => Promise<ExecResult>;

/** What of a sandbox is at work, and how much was before: all of it is dead when what it is counted by has ended. */
function workNow() {
  let running = 0;
  let begun = 0;
  let last: { begun: number; state: string } | null = null;
  return {
    async until<T>(ended: Promise<T>): Promise<T> {
      running += 1;
      begun += 1;
      try {
        return await ended;
      } finally {
        running -= 1;
      }
    },
    known: ({ treeState }: Pick<Shells, 'treeState'>): Pick<Sandbox, 'treeState'> =>
      treeState === undefined
        ? {}
        : {
            async treeState() {
              if (running > 0) return null;
              if (last?.begun === begun) return last.state;
              const before = begun;
              const state = await treeState();
              // What began meanwhile may have written behind the look.
              if (state === null || begun !== before) return null;
              last = { begun, state };
              return state;
            },
          },
  };
}

function counted(work: Pick<ReturnType<typeof workNow>, 'until'>, run: Run): Run {
  return (request, base) => work.until(run(request, base));
}

/** Runs commands one shell each, and carries what a kept shell leaves from one to the next. */
function commandRunner(shells: Shells, spares: SpareShells): Run {
  let state: ShellState | null = null;
  return async (request, base) => {
    if (request.signal.aborted) return nothingRan('aborted', '');
    if (request.command.includes('\0')) return nothingRan('exited', nulWords);
    const keeps = request.shell === 'kept';
    const shell = await spares.take();
    shells.before();
    const prologue = prologueOf({ base, state: keeps ? state : null });
    const running = runCommand(shell, {
      ...request,
      prologue,
      keeps,
      cpuSeconds: shells.cpuSeconds(request.timeoutMs),
    });
    // A short command should have the processors to itself; after a long one the next shell should be up.
    const timer = setTimeout(spares.prepare, aheadMs);
    try {
      const result = await running;
      if (keeps) state = readState(shell.said()) ?? state;
      return result;
    } finally {
      clearTimeout(timer);
      setImmediate(spares.prepare);
    }
  };
}

const nulWords = 'The command contains a NUL character; bash cannot run it.\n';

function nothingRan(ended: 'aborted' | 'exited', words: string): ExecResult {
  const exitCode = ended === 'aborted' ? null : 2;
  return { exitCode, ended, head: Buffer.from(words), tail: Buffer.alloc(0), droppedBytes: 0, durationMs: 0 };
}
