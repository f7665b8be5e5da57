import { spawn } from 'node:child_process';
import type { Contestant } from '../harness.ts';
import { names } from '../names.ts';

/** The same command with nothing around it. */
export async function open(): Promise<Contestant[]> {
  const one = () =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      const child = spawn('/bin/bash', ['-c', 'true'], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.once('error', reject);
      child.once('close', () => resolve(performance.now() - started));
    });
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) samples.push(await one());
    return samples;
  };
  return [{ name: names.spawn, operations: 100, block }];
}
