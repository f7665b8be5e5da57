import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensurePackages } from '../server/boot/packages.ts';
import { check } from './check.ts';
import { printSteps, runStep, type StepResult } from './steps.ts';

type Counts = { passed: number; failed: number };
type Tier = {
  name: string;
  packages: string[];
  run: (report: string) => Promise<StepResult>;
  count: (report: string) => Counts;
};

const reports = '.cache/test-reports';

function vitestTier(name: string, packages: string[]): Tier {
  return {
    name,
    packages,
    run: (report) =>
      runStep(name, 'vitest', [
        'run',
        '--project',
        name,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
      ]),
    count: (report) => {
      const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, 'utf8'));
      return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) };
    },
  };
}

const e2e: Tier = {
  name: 'e2e',
  packages: ['chromium', 'bubblewrap', 'ripgrep', 'socat'],
  run: (report) =>
    runStep('e2e', 'env', [`PLAYWRIGHT_JSON_OUTPUT_FILE=${report}`, 'playwright', 'test', '--reporter=list,json']),
  count: (report) => {
    const { stats } = JSON.parse(readFileSync(report, 'utf8'));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
  },
};

const tiers = [
  vitestTier('unit', []),
  vitestTier('db', []),
  vitestTier('flow', ['bubblewrap', 'ripgrep', 'socat', 'podman', 'runc']),
  e2e,
];

/** A tier that wrote no report or ran no test has failed, whatever its exit code says. */
async function runTier(tier: Tier): Promise<{ step: StepResult; counts: Counts }> {
  const report = `${reports}/${tier.name}.json`;
  rmSync(report, { force: true });
  const step = await tier.run(report);
  const counts = existsSync(report) ? tier.count(report) : { passed: 0, failed: 1 };
  const ok = step.ok && counts.failed === 0 && counts.passed > 0;
  return { step: { ...step, ok }, counts: ok || counts.failed > 0 ? counts : { ...counts, failed: 1 } };
}

async function main(asked: string[]): Promise<number> {
  const unknown = asked.filter((name) => !tiers.some((tier) => tier.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`No tier ${unknown.join(', ')}. There are: ${tiers.map(({ name }) => name).join(', ')}.\n`);
    return 2;
  }
  const chosen = asked.length === 0 ? tiers : tiers.filter(({ name }) => asked.includes(name));
  mkdirSync(reports, { recursive: true });
  await ensurePackages([...new Set(chosen.flatMap(({ packages }) => packages))]);
  const steps = asked.length === 0 ? await check() : [await runStep('generate', 'npm', ['run', '--silent', 'gen'])];
  let passed = 0;
  let failed = steps.filter(({ ok }) => !ok).length;
  for (const tier of chosen) {
    const { step, counts } = await runTier(tier);
    steps.push(step);
    passed += counts.passed;
    failed += counts.failed;
  }
  printSteps(steps);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
