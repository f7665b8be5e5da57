import { readFileSync } from 'node:fs';

/** Process id and start time: a name that no later process has. Null for one that is gone. */
export function lifeOf(pid: number | string): string | null {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return `${pid}-${line.slice(line.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

/** Whether the process that `lifeOf` gave this name is gone. */
export function isOver(life: string): boolean {
  return lifeOf(life.slice(0, life.indexOf('-'))) !== life;
}
