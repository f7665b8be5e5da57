import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from '../database.ts';
import type { Contestant } from '../harness.ts';
import { names } from '../names.ts';

const script = `mount -t overlay overlay -o userxattr,lowerdir=lower,upperdir=upper,workdir=work view`;

/** An overlay in namespaces of its own, over an empty folder: what no way of doing it can do without. */
export async function open({ dataDir }: Place): Promise<Contestant[]> {
  const one = () =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      const cwd = mkdtempSync(join(dataDir, 'mount-'));
      for (const name of ['lower', 'upper', 'work', 'view']) mkdirSync(join(cwd, name));
      const child = spawn('unshare', ['-Urm', '/bin/sh', '-c', script], { cwd, stdio: 'ignore' });
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0 ? resolve(performance.now() - started) : reject(new Error(`The overlay was refused: ${code}`)),
      );
    });
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) samples.push(await one());
    return samples;
  };
  return [{ name: names.mount, block }];
}
