import { newId } from '../../db/new-id.ts';
import { AppError } from '../../domain/errors.ts';
import { combineRuns } from '../../domain/checks/combine-runs.ts';
import { sandboxLimits, testOutputBytes, testTimeoutMs } from '../../domain/checks/limits.ts';
import { readTestRun, type TestRun } from '../../domain/checks/read-test-run.ts';
import { testScript } from '../../domain/checks/test-command.ts';
import type { Sandbox } from '../../domain/ports/sandbox.ts';
import type { OverlayFile } from '../../domain/ports/workspaces.ts';
import type { EnvironmentStep } from '../../domain/setup/environment.ts';
import type { RepoSetup } from '../../domain/setup/repo-setup.ts';
import { readTraced, tracedScript } from '../../domain/setup/set-up-script.ts';
import { setUpRepo, type SetUp, type SetUpPorts } from '../environment/set-up-repo.ts';
import { startServices } from '../environment/start-services.ts';

export type TestRequest = {
  mirror: string;
  commit: string;
  /** The first is the repo's own test command. */
  commands: string[];
  setup: RepoSetup;
  toolchain?: string[];
  overlay?: OverlayFile[];
  without?: string[];
  signal: AbortSignal;
  /** Told of each step once it is over; not of the tests themselves. */
  onStep?: (step: EnvironmentStep) => void;
};

/**
 * Runs the repo's tests on a clean checkout of one commit, set up, with its services, in a sandbox of its own that is gone
 * afterwards. What stops it before the tests end is a broken run, not an error; an aborted one throws the signal's reason.
 * What cannot be cleaned up is reported and changes nothing about the result.
 */
export async function runTests(ports: SetUpPorts, request: TestRequest): Promise<TestRun> {
  const { signal, onStep = () => undefined } = request;
  try {
    const { setUp, step } = await setUpRepo(ports, request);
    onStep(step);
    return setUp === null ? brokenBy(step) : await inTree(ports, { ...request, setUp, onStep });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof AppError && error.code === 'sandbox_unavailable') return broken(error.message);
    throw error;
  }
}

type Running = TestRequest & { setUp: SetUp; onStep: (step: EnvironmentStep) => void };

async function inTree(ports: SetUpPorts, running: Running): Promise<TestRun> {
  const { mirror, commit, overlay, without, setUp } = running;
  // Never the attempt's: who lost its lease may still be at work in its tree when the next holder begins.
  const id = newId('sandbox');
  const left = (error: unknown) => ports.report(error, `cleaning up after ${id}`);
  const tree = await ports.workspaces.fresh({ id, mirror, commit, overlay, without, setup: async () => setUp.key });
  try {
    const { env } = setUp;
    const sandbox = await ports.sandboxes.open({ id, repo: mirror, tree, writable: true, limits: sandboxLimits, env });
    try {
      const { image } = sandbox;
      return { ...(await inSandbox(ports, sandbox, running)), ...(image !== undefined && { image }) };
    } finally {
      await sandbox.dispose().catch(left);
    }
  } finally {
    await ports.workspaces.remove(id).catch(left);
  }
}

async function inSandbox(ports: SetUpPorts, sandbox: Sandbox, running: Running): Promise<TestRun> {
  const { setup, signal, onStep } = running;
  const services = await startServices(sandbox, { services: setup.services, signal });
  try {
    if (services.step !== null) onStep(services.step);
    if (services.step?.result === 'failed') return brokenBy(services.step);
    const built = await build(sandbox, running);
    onStep(built);
    if (built.result === 'failed') return brokenBy(built);
    return await testAll(ports, sandbox, running);
  } finally {
    await services.stop();
  }
}

async function build(sandbox: Sandbox, { setup, signal }: Running): Promise<EnvironmentStep> {
  if (setup.build === '') {
    const detail = 'There is no build command.';
    return { step: 'build', result: 'skipped', detail, line: null, millis: 0, output: '' };
  }
  const marker = `--- fleet ${newId('blob')}`;
  const command = tracedScript({ commands: setup.build, marker });
  const result = await sandbox.exec({ command, timeoutMs: testTimeoutMs, maxOutputBytes: testOutputBytes, signal });
  signal.throwIfAborted();
  return { step: 'build', ...readTraced({ result, marker, what: 'The build' }) };
}

async function testAll(ports: SetUpPorts, sandbox: Sandbox, running: Running): Promise<TestRun> {
  const { mirror, commit, commands, signal } = running;
  const manifest = await ports.codeHost.fileAt({ mirror, commit, path: 'package.json' });
  const packageJson = manifest ? new TextDecoder().decode(manifest) : null;
  const runs: { command: string; run: TestRun }[] = [];
  for (const command of commands) {
    const marker = `--- fleet report ${newId('blob')} ---`;
    const result = await sandbox.exec({
      command: testScript({ command, packageJson, marker }),
      timeoutMs: testTimeoutMs,
      maxOutputBytes: testOutputBytes,
      signal,
    });
    signal.throwIfAborted();
    runs.push({ command, run: readTestRun(result, marker) });
  }
  return combineRuns(runs);
}

function broken(detail: string): TestRun {
  return { verdict: 'broken', detail, exitCode: null, durationMs: 0, cases: null, failing: [], output: detail };
}

function brokenBy(step: EnvironmentStep): TestRun {
  const line = step.line === null ? '' : ` Line: ${step.line}`;
  const output = step.output === '' ? step.detail : step.output;
  return { ...broken(`${step.detail}${line}`), durationMs: step.millis, output, brokenAt: step.step };
}
