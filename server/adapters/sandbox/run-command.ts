import type { ExecRequest, ExecResult } from '../../domain/ports/sandbox.ts';
import { commandHeader } from './bwrap-args.ts';
import { outputWindow } from './output-window.ts';
import type { Exit, Shell } from './seed.ts';

/** Gives a waiting shell its one command. Resolves when every process of the shell is dead. */
export async function runCommand(shell: Shell, request: ExecRequest): Promise<ExecResult> {
  const started = performance.now();
  const window = outputWindow(request.maxOutputBytes);
  const onAbort = () => shell.stop('aborted');
  shell.pipe.reader.on('data', (chunk: Buffer) => {
    window.push(chunk);
    request.onOutput?.(chunk);
  });
  let refused = false;
  const up = shell.ready();
  up.then(
    () => {
      shell.child.stdin?.write(commandHeader(request.command, request.stdin !== undefined) + request.command);
      shell.child.stdin?.end(request.stdin);
    },
    () => {
      refused = true;
      shell.stop('killed');
    },
  );
  const timer = setTimeout(() => shell.stop('timed_out'), request.timeoutMs);
  request.signal.addEventListener('abort', onAbort, { once: true });
  if (request.signal.aborted) onAbort();
  const exit = await shell.ended;
  clearTimeout(timer);
  request.signal.removeEventListener('abort', onAbort);
  if (exit.stopped === null || refused) await up;
  return { ...verdict(exit), ...window.result(), durationMs: performance.now() - started };
}

function verdict({ code, stopped }: Exit): Pick<ExecResult, 'exitCode' | 'ended'> {
  if (stopped !== null) return { exitCode: null, ended: stopped };
  return code === null ? { exitCode: null, ended: 'killed' } : { exitCode: code, ended: 'exited' };
}
