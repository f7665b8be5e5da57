import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ContestantFile, Answer, Order } from './child.ts';
import type { Place } from './database.ts';
import type { Closing, Contestant } from './harness.ts';

/**
 * Opens the contestants of one file in a process of its own, as they would run: a spawn costs by the size of its parent,
 * and a garbage collection stops everything around it.
 */
export async function apart(file: ContestantFile, place: Place, closing: Closing): Promise<Contestant[]> {
  const child = fork(new URL('child.ts', import.meta.url), [file, JSON.stringify(place)]);
  const opening = answerOf(child, file);
  closing(async () => {
    if (child.exitCode !== null || !child.connected) return;
    const exited = once(child, 'exit');
    child.send({ close: true } satisfies Order);
    await exited;
  });
  const opened = await opening;
  if (!('contestants' in opened)) throw new Error(`${file} did not say what it has.`);
  return opened.contestants.map((contestant, index) => ({
    ...contestant,
    async block(operations) {
      const answering = answerOf(child, file);
      child.send({ index, operations } satisfies Order);
      const answer = await answering;
      if (!('samples' in answer)) throw new Error(`${file} gave no figures.`);
      return answer.samples;
    },
  }));
}

/** The child's next answer. Rejects when it ends instead: what went wrong stands on its standard error. */
function answerOf(child: ChildProcess, file: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`The process of ${file} ended.`));
    child.once('exit', ended);
    child.once('message', (answer) => {
      child.off('exit', ended);
      resolve(answer as Answer);
    });
  });
}
