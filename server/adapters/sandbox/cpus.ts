import { readFileSync } from 'node:fs';

let turn = 0;

/**
 * As many of this process's processors as a sandbox may use, as a list for `taskset`, in turn so that sandboxes spread
 * over them; null where it may use them all anyway.
 */
export function cpusFor(count: number, allowed: number[] = allowedCpus()): string | null {
  const wanted = Math.max(1, Math.ceil(count));
  if (wanted >= allowed.length) return null;
  const first = turn;
  turn += wanted;
  return Array.from({ length: wanted }, (_, i) => allowed[(first + i) % allowed.length]).join(',');
}

function allowedCpus(): number[] {
  const list = /^Cpus_allowed_list:\s*(\S+)/mu.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? '0';
  return list.split(',').flatMap((part) => {
    const [from = 0, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}
