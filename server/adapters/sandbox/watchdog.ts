import { readFileSync, readdirSync, statfsSync } from 'node:fs';
import type { SandboxLimits } from '../../domain/ports/sandbox.ts';

type Usage = { processes: number; memoryBytes: number };
type Watched = keyof Usage;

const everyMs = 200;

/**
 * For hosts without control groups: looks five times a second at what the processes below `pid` use, and calls
 * `onExceeded` once when it is too much. A wall it is not: between two looks a command can take more.
 */
export function watchUsage(watched: {
  pid: () => number | null;
  limits: Pick<SandboxLimits, Watched>;
  onExceeded: (limit: Watched) => void;
}): () => void {
  const timer = setInterval(() => {
    const pid = watched.pid();
    if (pid === null) return;
    const usage = usageBelow(pid);
    usage.memoryBytes += scratchBytes(pid);
    const over = (['processes', 'memoryBytes'] as const).find((limit) => usage[limit] > watched.limits[limit]);
    if (over === undefined) return;
    clearInterval(timer);
    watched.onExceeded(over);
  }, everyMs);
  return () => clearInterval(timer);
}

/** Resident memory and number of a process and all its descendants; shared pages count once per process. */
export function usageBelow(pid: number): Usage {
  const usage: Usage = { processes: 0, memoryBytes: 0 };
  const pending = [pid];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const resident = residentBytes(next);
    if (resident === null) continue;
    usage.processes += 1;
    usage.memoryBytes += resident;
    pending.push(...childrenOf(next));
  }
  return usage;
}

const scratchFolders = ['/tmp', '/home/agent', '/dev/shm'];
const tmpfs = 0x01021994;

/** What the world of a process holds in files that are memory: no process is as large as they are. */
function scratchBytes(pid: number): number {
  let bytes = 0;
  for (const folder of scratchFolders) {
    try {
      const { type, bsize, blocks, bfree } = statfsSync(`/proc/${pid}/root${folder}`);
      if (type === tmpfs) bytes += (blocks - bfree) * bsize;
    } catch {
      // It ended, or has no such folder.
    }
  }
  return bytes;
}

function residentBytes(pid: number): number | null {
  try {
    return Number(/^VmRSS:\s*(\d+)/mu.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
