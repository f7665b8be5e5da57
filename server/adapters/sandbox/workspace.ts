import { AppError } from '../../domain/errors.ts';
import type { ExecRequest, ExecResult, FileRead, FileWrite, Sandbox } from '../../domain/ports/sandbox.ts';
import { entersGit, placeInWork } from '../../domain/scope/work-path.ts';
import { runCommand } from './run-command.ts';
import type { Shell } from './seed.ts';
import { readAnswer, readScript, writeAnswer, writeScript } from './file-script.ts';

const fileTimeoutMs = 30_000;
const aheadMs = 5;

/** `before` runs just before each command. */
type Shells = { start(): Promise<Shell>; before(): void; release(): Promise<void> };

/**
 * One sandbox over a source of confined shells. Every command gets a shell of its own, so that nothing outlives it or
 * touches another's output; one shell always waits, so that a command need not wait for it to start.
 */
export async function openWorkspace(shells: Shells): Promise<Sandbox> {
  const live = new Set<Shell>();
  let waiting: Promise<Shell> | null = null;
  let disposed: Promise<void> | null = null;

  const start = async () => {
    const shell = await shells.start();
    live.add(shell);
    void shell.ended.then(() => live.delete(shell));
    return shell;
  };
  const prepare = () => {
    if (disposed || waiting) return;
    waiting = start();
    // A failure shows when the shell is wanted.
    waiting.catch(() => undefined);
  };
  const take = async () => {
    const mine = waiting;
    waiting = null;
    const spare = await mine?.catch(() => null);
    return spare?.alive() ? spare : start();
  };
  const exec = async (request: ExecRequest): Promise<ExecResult> => {
    if (disposed) throw new AppError('sandbox_unavailable', 'This sandbox has been closed.');
    if (request.signal.aborted) return nothingRan('aborted', '');
    if (request.command.includes('\0'))
      return nothingRan('exited', 'The command contains a NUL character; bash cannot run it.\n');
    const shell = await take();
    shells.before();
    const result = runCommand(shell, request);
    // A short command should have the processors to itself; after a long one the next shell should be up.
    const timer = setTimeout(prepare, aheadMs);
    return result.finally(() => {
      clearTimeout(timer);
      setImmediate(prepare);
    });
  };
  const dispose = async () => {
    await waiting?.catch(() => undefined);
    const ending = [...live];
    for (const shell of ending) shell.stop('killed');
    await Promise.all(ending.map((shell) => shell.ended));
    await shells.release();
  };

  const opened = { exec, ...fileAccess(exec), dispose: () => (disposed ??= dispose()) };
  try {
    const first = start();
    waiting = first;
    await (await first).ready();
    return opened;
  } catch (error) {
    await opened.dispose();
    throw error;
  }
}

function nothingRan(ended: 'aborted' | 'exited', words: string): ExecResult {
  const exitCode = ended === 'aborted' ? null : 2;
  return { exitCode, ended, head: Buffer.from(words), tail: Buffer.alloc(0), droppedBytes: 0, durationMs: 0 };
}

type Exec = (request: ExecRequest) => Promise<ExecResult>;

/** The answer must fit in the kept head, which is half of what is asked for. */
async function ask(exec: Exec, request: { command: string; stdin?: Uint8Array; room: number; signal: AbortSignal }) {
  const { command, stdin, room, signal } = request;
  const result = await exec({ command, stdin, timeoutMs: fileTimeoutMs, maxOutputBytes: 2 * (room + 64), signal });
  if (result.ended === 'exited') return result.head;
  signal.throwIfAborted();
  throw new AppError('sandbox_unavailable', `A file operation in the sandbox was ${result.ended.replace('_', ' ')}.`);
}

const listingBytes = 1024 * 1024;

function fileAccess(exec: Exec): Pick<Sandbox, 'read' | 'write'> {
  return {
    async read(path, { maxBytes, signal }): Promise<FileRead> {
      const normal = placeInWork(path);
      if (!normal.ok) return { kind: 'refused', reason: normal.reason };
      const room = Math.max(maxBytes, listingBytes);
      return readAnswer(await ask(exec, { command: readScript(normal.path, maxBytes), room, signal }));
    },
    async write(path, bytes, { mode, signal }): Promise<FileWrite> {
      const normal = placeInWork(path);
      if (!normal.ok) return { kind: 'refused', reason: normal.reason };
      if (normal.path === '.') return { kind: 'refused', reason: 'not a regular file' };
      if (entersGit(normal.path)) return { kind: 'refused', reason: 'nothing may be written inside a .git folder' };
      return writeAnswer(await ask(exec, { command: writeScript(normal.path, mode), stdin: bytes, room: 64, signal }));
    },
  };
}
