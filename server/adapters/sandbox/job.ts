import type { Job, JobEnd, StartRequest } from '../../domain/ports/sandbox.ts';
import { giveCommand } from './run-command.ts';
import type { Exit, Shell } from './shell.ts';

/** A shell that is kept until its command ends or is stopped. Throws `sandbox_unavailable` when it never comes up. */
export async function openJob(
  id: string,
  shell: Shell,
  request: StartRequest & { prologue: Uint8Array },
): Promise<Job> {
  const { output, up } = giveCommand(shell, { ...request, keeps: false, cpuSeconds: null });
  await up;
  let asked = false;
  const ended = shell.ended.then((exit) => endOf(exit, asked));
  return {
    id,
    read: () => output.result(),
    stop: () => {
      asked ||= shell.alive();
      shell.stop('killed');
      return ended;
    },
    ended,
  };
}

function endOf({ code, stopped }: Exit, asked: boolean): JobEnd {
  if (stopped === null && code !== null) return { exitCode: code, ended: 'exited' };
  return { exitCode: null, ended: asked ? 'stopped' : 'killed' };
}
