import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Place } from '../database.ts';
import type { Contestant } from '../harness.ts';
import { names } from '../names.ts';

const cli = join(dirname(createRequire(import.meta.url).resolve('@anthropic-ai/sandbox-runtime')), 'cli.js');

/** As its README sets it up for one folder and no network. It has no warm form: each command is a start. */
export async function open({ dataDir }: Place): Promise<Contestant[]> {
  const folder = join(dataDir, 'srt');
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, 'settings.json');
  const network = { allowedDomains: [], deniedDomains: [] };
  writeFileSync(
    settings,
    JSON.stringify({ network, filesystem: { denyRead: [], allowWrite: [folder], denyWrite: [] } }),
  );
  const one = () =>
    new Promise<number>((resolve, reject) => {
      const started = performance.now();
      const child = spawn(process.execPath, [cli, '--settings', settings, '-c', 'true'], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += String(chunk)));
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0 ? resolve(performance.now() - started) : reject(new Error(`sandbox-runtime: ${code} ${said}`)),
      );
    });
  const block = async (operations: number) => {
    const samples: number[] = [];
    for (let n = 0; n < operations; n += 1) samples.push(await one());
    return samples;
  };
  return [{ name: names.sandboxRuntime, operations: 4, block }];
}
