import { fork, type ChildProcess } from 'node:child_process';
import type { Closing } from '../harness.ts';

/** A process beside this one that answers one question at a time. */
export type Beside = { ask<T>(question: unknown): Promise<T> };

export type Used = { cpuSeconds: number; megabytes: number };

/** Starts a file of this folder; `first` is its first answer. */
export async function beside<T>(file: string, args: string[], closing: Closing): Promise<Beside & { first: T }> {
  const child = fork(new URL(file, import.meta.url), args);
  closing(async () => void child.kill('SIGKILL'));
  const first = await answerOf<T>(child, file);
  return {
    first,
    ask: (question) => {
      const answering = answerOf<never>(child, file);
      child.send(question as object);
      return answering;
    },
  };
}

function answerOf<T>(child: ChildProcess, file: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`The process of ${file} ended.`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as T);
    });
  });
}

/** In a process beside: answers each question in turn. */
export function answering(answer: (question: never) => unknown): void {
  process.once('disconnect', () => process.exit(1));
  process.on('message', (question) => {
    void Promise.resolve(answer(question as never)).then((said) => process.send?.(said ?? {}));
  });
}

export function used(): Used {
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, megabytes: process.memoryUsage().rss / 2 ** 20 };
}
