import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { ensurePackages } from '../server/boot/packages.ts';
import { check } from './check.ts';
import { printSteps, runStep, type StepResult } from './steps.ts';
import { describeFailures, endOf, type Failure, failuresOfPlaywright, failuresOfVitest } from './test-failures.ts';

type Tier = {
  name: string;
  packages: string[];
  run: (report: string) => Promise<StepResult>;
  passed: (report: string) => number;
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
    passed: (report) => JSON.parse(readFileSync(report, 'utf8')).numPassedTests,
    failures: failuresOfVitest,
  };
}

const e2e: Tier = {
  name: 'e2e',
  packages: ['chromium', 'bubblewrap', 'ripgrep', 'socat'],
  run: (report) =>
    runStep('e2e', 'env', [`PLAYWRIGHT_JSON_OUTPUT_FILE=${report}`, 'playwright', 'test', '--reporter=list,json']),
  passed: (report) => JSON.parse(readFileSync(report, 'utf8')).stats.expected,
  failures: failuresOfPlaywright,
};

const tiers = [
  vitestTier('unit', []),
  vitestTier('db', []),
  vitestTier('flow', ['bubblewrap', 'ripgrep', 'socat', 'podman', 'runc']),
  e2e,
];

type TierResult = { step: StepResult; passed: number; failures: Failure[] };

/** A tier that wrote no report or ran no test has failed, whatever its exit code says. */
async function runTier(tier: Tier): Promise<TierResult> {
  const report = `${reports}/${tier.name}.json`;
  rmSync(report, { force: true });
  const step = await tier.run(report);
  const written = existsSync(report);
  const passed = written ? tier.passed(report) : 0;
  const failures = written ? tier.failures(report) : [];
  const ok = step.ok && failures.length === 0 && passed > 0;
  // An error outside every test is in no report: then the end of what the tier said is what there is.
  if (!ok && failures.length === 0)
    failures.push({ place: tier.name, title: 'outside any test', message: endOf(step.output) });
  return { step: { ...step, ok }, passed, failures };
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
  const unsound = steps.filter(({ ok }) => !ok).length;
  let passed = 0;
  for (const tier of chosen) {
    const result = await runTier(tier);
    steps.push(result.step);
    failures.push(...result.failures);
    passed += result.passed;
  }
  const failed = unsound + failures.length;
  printSteps(steps);
  process.stdout.write(`${describeFailures(failures)}\n${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));
