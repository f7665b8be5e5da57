import { defineConfig } from 'vitest/config';
import { keepCompiled } from './scripts/keep-compiled.ts';
import { LongestFirst } from './scripts/longest-first.ts';

keepCompiled();

const setupFiles = ['server/testing/setup.ts'];
/** Node runs the sources as they are, as it does in an installation: nothing here needs them transformed. */
const experimental = { viteModuleRunner: false, nodeLoader: false };
const roots = ['server', 'inngest', 'cli', 'components', 'scripts', 'bench', 'attack'];
const ending = (suffix: string) => roots.map((root) => `${root}/**/*.${suffix}`);

/** What `npm run drill` asks for; a plain test run takes the short ones, always alike. */
const drill = JSON.parse(process.env['FLEET_DRILL'] ?? '{ "seed": 1, "full": false }');

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ending('test.ts'),
          exclude: [...ending('db.test.ts'), ...ending('flow.test.ts')],
          setupFiles,
          experimental,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ending('db.test.ts'),
          setupFiles,
          experimental,
          globalSetup: ['server/testing/global-setup.ts'],
          testTimeout: 120_000,
          provide: { drill },
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'flow',
          include: ending('flow.test.ts'),
          setupFiles,
          experimental,
          globalSetup: ['server/testing/global-setup.ts'],
          testTimeout: 300_000,
          provide: { drill },
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
