import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { atEnd } from './at-end.ts';
import type { CrashOrder, CrashPoint } from './crash-order.ts';

const main = fileURLToPath(new URL('crashing-worker.ts', import.meta.url));

export type ChildWorker = {
  died: Promise<void>;
  kill(): Promise<void>;
  /** Freezes it, or lets it go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void;
};

/** A worker process of its own that kills itself at a point, or is killed. Resolves when the engine knows it. */
export async function childWorker(order: CrashOrder, at: CrashPoint | null): Promise<ChildWorker> {
  const child = fork(main, [JSON.stringify({ ...order, at })], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const died = once(child, 'exit').then(() => undefined);
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await died;
  };
  atEnd(kill);
  await Promise.race([once(child, 'message'), died.then(() => Promise.reject(new Error('the worker did not start')))]);
  return { died, kill, signal: (name) => void child.kill(name) };
}
