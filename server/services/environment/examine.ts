import { lastLines } from '../../domain/checks/plain-text.ts';
import type { TestRun } from '../../domain/checks/read-test-run.ts';
import { AppError } from '../../domain/errors.ts';
import { failedStep, type EnvironmentReport, type EnvironmentStep } from '../../domain/setup/environment.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';
import { surveyNotes } from '../../domain/setup/survey-notes.ts';
import { testCommands } from '../../domain/setup/test-plan.ts';
import { missingTools } from '../../domain/setup/tools.ts';
import { runTests } from '../checks/run-tests.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { readToolchain } from './read-toolchain.ts';

type Examined = {
  repo: { id: string; testCommand: string };
  setup: RepoSetup;
  commit: string;
  signal: AbortSignal;
  /** Told of the checklist as it grows. */
  onReport?: (report: EnvironmentReport) => void;
};

export type Examination = { report: EnvironmentReport; run: TestRun };

/**
 * Tries on one commit, which is fetched already, everything that has to work before an agent can: tools, set-up,
 * services, build, tests. Stops at the first thing that does not. No model is asked for anything.
 */
export async function examine(context: HostContext, of: Examined): Promise<Examination> {
  const { codeHost } = context;
  const { repo, setup, commit, signal, onReport = () => undefined } = of;
  const mirror = repo.id;
  const survey = await codeHost.survey({ mirror, commit });
  const report: EnvironmentReport = { steps: [], notes: surveyNotes(survey), tests: null };
  const add = (step: EnvironmentStep) => {
    report.steps.push(step);
    onReport(report);
  };
  add(plain('clone', `Fetched ${commit.slice(0, 10)}: ${survey.files} files.`));
  const { step, toolchain } = await lookForTools(context, of);
  add(step);
  if (step.result === 'failed') return { report, run: brokenRun(step) };
  const commands = testCommands({ testCommand: repo.testCommand, setup }, null);
  const run = await runTests(context, { mirror, commit, commands, setup, toolchain, signal, onStep: add });
  if (failedStep(report) !== null) return { report, run };
  // Without a sandbox nothing was reported at all: what could not begin is the first thing that is not there.
  const reached = report.steps.some((each) => each.step === 'set-up');
  add({ ...testStep(run), step: reached ? 'tests' : 'set-up' });
  if (reached) {
    const { exitCode, durationMs, detail, failing } = run;
    report.tests = { exitCode, durationMs, detail, failing, outputTail: lastLines(run.output, 4_000) };
  }
  return { report, run };
}

function plain(step: EnvironmentStep['step'], detail: string): EnvironmentStep {
  return { step, result: 'passed', detail, line: null, millis: 0, output: '' };
}

async function lookForTools(
  context: HostContext,
  { repo, setup, commit, signal }: Examined,
): Promise<{ step: EnvironmentStep; toolchain: string[] }> {
  try {
    const toolchain = await readToolchain(context, { mirror: repo.id, commit, signal });
    const missing = missingTools({ testCommand: repo.testCommand, setup }, toolchain);
    const output = toolchain.join('\n');
    if (missing.length === 0)
      return { step: { ...plain('tools', 'What the commands name is there.'), output }, toolchain };
    const names = missing.join(', ');
    const detail =
      `The sandbox has no ${names}, which the commands of this repo name. Have the operator install ` +
      `${missing.length === 1 ? 'it' : 'them'} for sandboxes, or change the commands under Repos.`;
    return { step: { ...plain('tools', detail), result: 'failed', output }, toolchain };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError && error.code === 'sandbox_unavailable')) throw error;
    return { step: { ...plain('tools', error.message), result: 'failed' }, toolchain: [] };
  }
}

function testStep(run: TestRun): EnvironmentStep {
  const output = lastLines(run.output, 8_000);
  const result = run.verdict === 'passed' ? 'passed' : 'failed';
  return { step: 'tests', result, detail: run.detail, line: null, millis: run.durationMs, output };
}

function brokenRun({ detail, output }: EnvironmentStep): TestRun {
  return {
    verdict: 'broken',
    detail,
    exitCode: null,
    durationMs: 0,
    cases: null,
    failing: [],
    output,
    brokenAt: 'tools',
  };
}
