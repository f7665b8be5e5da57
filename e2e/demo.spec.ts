import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processesOf } from '../cli/demo/leftovers.ts';
import type { DemoReport } from '../cli/demo/report.ts';
import { startCommand, type Command } from './steps/command.ts';
import { expect, test } from './test.ts';

/** `npm run demo` with a temporary folder of its own, in which nothing may be left. */
async function withDemo(args: string[], use: (demo: Command) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-demo-test-'));
  const demo = startCommand(['npm', 'run', '--silent', 'demo', '--', ...args], { TMPDIR: folder });
  try {
    await use(demo);
    expect(await processesOf(folder)).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.startsWith('fleet-'))).toEqual([]);
  } finally {
    await demo.end();
    await rm(folder, { recursive: true, force: true });
  }
}

for (const [moment, sign] of [
  ['while it starts', /✓ PostgreSQL runs/],
  ['in the middle of the task', /build 1 +Developer starts/],
] as const) {
  test(`Ctrl-C ${moment} ends the demo with everything it started and made`, async ({ errors: _ }) => {
    await withDemo([], async ({ says, signal, said, ended }) => {
      await says(sign);
      signal('SIGINT');
      expect(await ended, said.all).not.toMatchObject({ code: 0 });
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
      expect(await ended, said.all).toMatchObject({ code: 0 });
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
