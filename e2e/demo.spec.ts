import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesOf } from '../cli/demo/leftovers.ts';
import type { DemoReport } from '../cli/demo/report.ts';
import { processEnvironment } from '../server/config/config.ts';
import { until } from './steps/until.ts';
import { expect, test } from './test.ts';

/** `npm run demo` in a process group of its own, which is what a terminal sends Ctrl-C to, with `folder` as its temporary one. */
function startDemo(folder: string, args: string[] = []) {
  const child = spawn('npm', ['run', '--silent', 'demo', '--', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...processEnvironment(), TMPDIR: folder, ANTHROPIC_API_KEY: '' } as unknown as NodeJS.ProcessEnv,
  });
  const said = { out: '', all: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (said.all += chunk.toString()));
  }
  return { child, said, ended: once(child, 'close') };
}

async function withDemo(args: string[], use: (demo: ReturnType<typeof startDemo>) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-demo-test-'));
  const demo = startDemo(folder, args);
  try {
    await use(demo);
    expect(await processesOf(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('fleet-'))).toEqual([]);
  } finally {
    const { child, ended } = demo;
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

for (const [moment, sign] of [
  ['while it starts', /✓ PostgreSQL runs/],
  ['in the middle of the task', /build 1 +Developer starts/],
] as const) {
  test(`Ctrl-C ${moment} ends the demo with everything it started and made`, async ({ errors: _ }) => {
    await withDemo([], async ({ child, said, ended }) => {
      await until(
        `the demo to say ${String(sign)}`,
        async () => said.all,
        (text) => sign.test(text) || child.exitCode !== null,
      );
      expect(child.exitCode, said.all).toBeNull();
      process.kill(-child.pid!, 'SIGINT');
      const [code, signal] = await ended;
      expect({ code, signal, said: said.all }).not.toMatchObject({ code: 0 });
      expect(said.all).toContain('The demo was interrupted.');
    });
  });
}

for (const [story, args, kills] of [
  ['the sample task', [], 0],
  ['the sample task under three kills of web, worker and engine', ['--story', 'crash'], 3],
] as const) {
  test(`the demo takes ${story} to one merge and says so in a line of JSON`, async ({ errors: _ }) => {
    await withDemo([...args, '--json'], async ({ said, ended }) => {
      const [code] = await ended;
      expect(code, said.all).toBe(0);
      const report = JSON.parse(said.out) as DemoReport;
      expect(report).toMatchObject({
        merged: expect.stringMatching(/^[0-9a-f]{40}$/),
        mergeCommits: 1,
        cleanCheckout: { tests: 16, failed: 0 },
        chain: { verified: true },
        leftovers: { branches: 0, processes: 0, mounts: 0 },
        model: 'scripted',
      });
      expect(report.killed).toHaveLength(kills);
      expect(report.toolCalls.repeated).toBe(0);
    });
  });
}
