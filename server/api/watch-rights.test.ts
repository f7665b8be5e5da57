import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.ts';
import { rightsWatch } from './watch-rights.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A clock whose sleeps end when they are told to. */
function rig() {
  let sleeping: (() => void)[] = [];
  const reported: unknown[] = [];
  const clock = {
    now: () => new Date(0),
    elapsed: () => 0,
    sleep: (_ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleeping.push(resolve);
        signal?.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  };
  const pass = async () => {
    const due = sleeping;
    sleeping = [];
    for (const wake of due) wake();
    await turn();
  };
  return { rights: rightsWatch({ clock, report: (error) => void reported.push(error) }), pass, reported };
}

const refused = new AppError('not_found', 'gone');

describe('the watch over who may read on', () => {
  it('looks once for all streams of one right, and ends them all', async () => {
    const { rights, pass } = rig();
    let looks = 0;
    let answer: Error | null = null;
    const stillMay = async () => {
      looks += 1;
      if (answer) throw answer;
    };
    const ended: string[] = [];
    for (const name of ['one', 'two']) rights.watch({ right: 'a', stillMay }, () => ended.push(name));
    await pass();
    expect(looks).toBe(1);
    expect(ended).toEqual([]);
    answer = refused;
    await pass();
    expect(ended).toEqual(['one', 'two']);
    await pass();
    expect(looks).toBe(2);
  });

  it('ends nobody of another right', async () => {
    const { rights, pass } = rig();
    const ended: string[] = [];
    rights.watch({ right: 'a', stillMay: () => Promise.reject(refused) }, () => ended.push('a'));
    rights.watch({ right: 'b', stillMay: async () => undefined }, () => ended.push('b'));
    await pass();
    expect(ended).toEqual(['a']);
  });

  it('goes on while one is left, and looks no more after the last', async () => {
    const { rights, pass } = rig();
    let looks = 0;
    const watched = { right: 'a', stillMay: async () => void (looks += 1) };
    const leaves = [rights.watch(watched, () => undefined), rights.watch(watched, () => undefined)];
    leaves[0]!();
    await pass();
    expect(looks).toBe(1);
    leaves[1]!();
    await pass();
    expect(looks).toBe(1);
    rights.watch(watched, () => undefined);
    await pass();
    expect(looks).toBe(2);
  });

  it('takes nobody a right because the database is away, and reports what it does not know', async () => {
    const { rights, pass, reported } = rig();
    const answers = [new AppError('unavailable', 'away'), new Error('odd'), refused];
    const ended: AppError[] = [];
    rights.watch({ right: 'a', stillMay: () => Promise.reject(answers.shift()!) }, (reason) => ended.push(reason));
    await pass();
    await pass();
    expect(ended).toEqual([]);
    expect(reported).toHaveLength(1);
    await pass();
    expect(ended).toEqual([refused]);
  });
});
