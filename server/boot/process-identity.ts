import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

/** A process, told apart from a later one that got the same pid: `born` never repeats on a machine. */
export const processIdentity = z.object({ pid: z.int().positive(), born: z.string().min(1) });
export type ProcessIdentity = z.infer<typeof processIdentity>;

/** Null when no such process runs. A zombie does not run: where PID 1 reaps nothing, dead children stay listed. */
export function identify(pid: number): ProcessIdentity | null {
  const born = process.platform === 'linux' ? bornOnLinux(pid) : bornByPs(pid);
  return born === null ? null : { pid, born };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.born === identity.born;
}

/** True once the process is gone, false when it is still there after `ms`. */
export async function waitGone(identity: ProcessIdentity, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (isAlive(identity)) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Asks the process to end and, after `graceMs`, kills it. Resolves with how it went; a process that is gone is `ended`. */
export async function endProcess(
  identity: ProcessIdentity,
  options: { signal: NodeJS.Signals; graceMs: number },
): Promise<'ended' | 'killed'> {
  signalProcess(identity, options.signal);
  if (await waitGone(identity, options.graceMs)) return 'ended';
  signalProcess(identity, 'SIGKILL');
  await waitGone(identity, 5_000);
  return 'killed';
}

/** Sends the signal only to that very process; one that is gone is left alone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Start time in clock ticks since boot, with the boot's own id: ticks alone come back after a reboot. */
function bornOnLinux(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function bornByPs(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null;
  }
}
