import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOver, lifeOf } from '../life.ts';

// What a host shows of sandboxes, seen from outside: nothing here asks the code that made them.

const pids = () => readdirSync('/proc').filter((name) => /^\d+$/u.test(name));

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** The lives of a process and of all below it. */
export function livesBelow(pid: number): string[] {
  const children = pids().filter((name) => Number(/\) \S (\d+)/u.exec(textOf(`/proc/${name}/stat`))?.[1]) === pid);
  const own = lifeOf(pid);
  return [...(own === null ? [] : [own]), ...children.flatMap((child) => livesBelow(Number(child)))];
}

export function alive(lives: string[]): string[] {
  return lives.filter((life) => !isOver(life));
}

/** Host processes that say `text` in their command line. */
export function processesWith(text: string): string[] {
  return pids().filter((pid) => pid !== String(process.pid) && textOf(`/proc/${pid}/cmdline`).includes(text));
}

/** Host processes that have a mount of something below `folder`. */
export function mountersOf(folder: string): string[] {
  return pids().filter((pid) => textOf(`/proc/${pid}/mountinfo`).includes(folder));
}

/** Control groups of that process. */
export function groupsOf(pid: number): string[] {
  const bases = ['pids', 'memory', 'cpu', ''].map((kind) => join('/sys/fs/cgroup', kind));
  const nested = textOf('/proc/self/cgroup')
    .split('\n')
    .flatMap((line) => {
      const [, names = '', path = ''] = /^\d+:([^:]*):(.+)$/u.exec(line) ?? [];
      return path === '' ? [] : [join('/sys/fs/cgroup', names, path)];
    });
  const found = [...new Set([...bases, ...nested])].flatMap((base) => {
    try {
      return readdirSync(base).map((name) => join(base, name));
    } catch {
      return [];
    }
  });
  return found.filter((path) => new RegExp(`/fleet-in\\d+-${pid}-`, 'u').test(path));
}
