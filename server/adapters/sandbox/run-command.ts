import type { ExecRequest, ExecResult } from '../../domain/ports/sandbox.ts';
import { commandBytes } from './bwrap-args.ts';
import { outputWindow, type OutputWindow } from './output-window.ts';
import type { Exit, Shell } from './shell.ts';

export type ShellRun = Pick<ExecRequest, 'command' | 'stdin' | 'maxOutputBytes' | 'onOutput'> & {
  prologue: Uint8Array;
  keeps: boolean;
  cpuSeconds: number | null;
};

/** Gives a shell its one command as soon as its walls are known to stand. `up` rejects when they do not. */
export function giveCommand(shell: Shell, run: ShellRun): { output: OutputWindow; up: Promise<void> } {
  const output = outputWindow(run.maxOutputBytes);
  shell.output.on('data', (chunk: Buffer) => {
    output.push(chunk);
    run.onOutput?.(chunk);
  });
  const { prologue, command, keeps, cpuSeconds } = run;
  const bytes = commandBytes({ prologue, command, keeps, cpuSeconds, hasInput: run.stdin !== undefined });
  const up = shell.ready().then(() => {
    shell.write(bytes, run.stdin === undefined);
    if (run.stdin !== undefined) shell.write(run.stdin, true);
  });
  up.catch(() => shell.stop('killed'));
  return { output, up };
}

/** Runs one command to its end. Resolves when every process of the shell is dead. */
export async function runCommand(
  shell: Shell,
  run: ShellRun & Pick<ExecRequest, 'timeoutMs' | 'signal'>,
): Promise<ExecResult> {
  const started = performance.now();
  const { output, up } = giveCommand(shell, run);
  let refused = false;
  up.catch(() => (refused = true));
  const onAbort = () => shell.stop('aborted');
  const timer = setTimeout(() => shell.stop('timed_out'), run.timeoutMs);
  run.signal.addEventListener('abort', onAbort, { once: true });
  if (run.signal.aborted) onAbort();
  const exit = await shell.ended;
  clearTimeout(timer);
  run.signal.removeEventListener('abort', onAbort);
  if (exit.stopped === null || refused) await up;
  return { ...verdict(exit), ...output.result(), durationMs: performance.now() - started };
}

/** How bash says that a program was ended by SIGXFSZ. */
const fileTooLarge = 128 + 25;

function verdict({ code, stopped, exceeded: known }: Exit): Pick<ExecResult, 'exitCode' | 'ended' | 'exceeded'> {
  const exceeded = known ?? (code === fileTooLarge ? 'fileBytes' : undefined);
  const over = exceeded && { exceeded };
  if (stopped !== null) return { exitCode: null, ended: stopped, ...over };
  return code === null ? { exitCode: null, ended: 'killed', ...over } : { exitCode: code, ended: 'exited', ...over };
}
