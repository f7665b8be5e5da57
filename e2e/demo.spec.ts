import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processEnvironment } from '../server/config/config.ts';
import { until } from './steps/until.ts';
import { expect, test } from './test.ts';

/** Processes whose environment or arguments name `folder`. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
      const [args, env] = await Promise.all([read('cmdline'), read('environ')]);
      return args.includes(folder) || env.includes(folder) ? [`${pid} ${args.replaceAll('\0', ' ')}`] : [];
    }),
  );
  return found.flat();
}

for (const [moment, sign] of [
  ['while it starts', /✓ PostgreSQL runs/],
  ['in the middle of the task', /build 1 +Developer starts/],
] as const) {
  test(`Ctrl-C ${moment} ends the demo with everything it started and made`, async ({ errors: _ }) => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-interrupted-'));
    // A group of its own, which is what a terminal sends Ctrl-C to.
    const demo = spawn('npm', ['run', 'demo'], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...processEnvironment(), TMPDIR: folder, ANTHROPIC_API_KEY: '' } as unknown as NodeJS.ProcessEnv,
    });
    let said = '';
    for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(demo, 'close');
    try {
      await until(
        `the demo to say ${String(sign)}`,
        async () => said,
        (text) => sign.test(text) || demo.exitCode !== null,
      );
      expect(demo.exitCode, said).toBeNull();
      process.kill(-demo.pid!, 'SIGINT');
      const [code, signal] = await ended;
      expect({ code, signal, said }).not.toMatchObject({ code: 0 });
      expect(said).toContain('The demo was interrupted.');
      expect(await processesOf(folder)).toEqual([]);
      expect((await readdir(folder)).filter((name) => name.startsWith('fleet-'))).toEqual([]);
    } finally {
      if (demo.exitCode === null && demo.signalCode === null) process.kill(-demo.pid!, 'SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    }
  });
}
