import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensurePackages } from '../server/boot/packages.ts';
import { check } from './check.ts';
import { printSteps, runStep, type StepResult } from './steps.ts';
import { describeFailures, endOf, type Failure, failuresOfPlaywright, failuresOfVitest } from './test-failures.ts';

type Counts = { passed: number; failed: number };
type Tier = {
  name: string;
  packages: string[];
  run: (report: string) => Promise<StepResult>;
  count: (report: string) => Counts;
  failures: (report: string) => Failure[];
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
    failures: failuresOfVitest,
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
  failures: failuresOfPlaywright,
};

const tiers = [
  vitestTier('unit', []),
  vitestTier('db', []),
  vitestTier('flow', ['bubblewrap', 'ripgrep', 'socat', 'podman', 'runc']),
  e2e,
];

type TierResult = { step: StepResult; counts: Counts; failures: Failure[] };

/** A tier that wrote no report or ran no test has failed, whatever its exit code says. */
async function runTier(tier: Tier): Promise<TierResult> {
  const report = `${reports}/${tier.name}.json`;
  rmSync(report, { force: true });
  const step = await tier.run(report);
  const counts = existsSync(report) ? tier.count(report) : { passed: 0, failed: 1 };
  const ok = step.ok && counts.failed === 0 && counts.passed > 0;
  return {
    step: { ...step, ok },
    counts: ok || counts.failed > 0 ? counts : { ...counts, failed: 1 },
    failures: ok ? [] : failuresOf(tier, report, step),
  };
}

/** An error outside every test is in no report: then the end of what the tier said is what there is. */
function failuresOf(tier: Tier, report: string, { output }: StepResult): Failure[] {
  const reported = existsSync(report) ? tier.failures(report) : [];
  if (reported.length > 0) return reported;
  return [{ place: tier.name, title: 'outside any test', message: endOf(output) }];
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
  const failures: Failure[] = [];
  let passed = 0;
  let failed = steps.filter(({ ok }) => !ok).length;
  for (const tier of chosen) {
    const { step, counts, ...result } = await runTier(tier);
    steps.push(step);
    failures.push(...result.failures);
    passed += counts.passed;
    failed += counts.failed;
  }
  printSteps(steps);
  process.stdout.write(`${describeFailures(failures)}\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
