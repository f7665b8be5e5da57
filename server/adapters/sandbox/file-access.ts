import { AppError } from '../../domain/errors.ts';
import type { ExecRequest, ExecResult, FileRead, FileWrite, Sandbox } from '../../domain/ports/sandbox.ts';
import { entersGit, placeInWork } from '../../domain/scope/work-path.ts';
import { readAnswer, readScript, writeAnswer, writeScript } from './file-script.ts';

const fileTimeoutMs = 30_000;

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

/** Reading and writing over `exec`, which must run a command with nothing of the agent around it. */
export function fileAccess(exec: Exec): Pick<Sandbox, 'read' | 'write'> {
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
