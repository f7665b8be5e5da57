import { blobsFor } from '../../db/blobs.ts';
import { compareTests, countTests, failUnreadable } from '../../domain/checks/compare-tests.ts';
import type { CheckEvidence } from '../../domain/checks/evidence.ts';
import { lastLines } from '../../domain/checks/plain-text.ts';
import type { TestRun } from '../../domain/checks/read-test-run.ts';
import { readSetup } from '../../domain/setup/repo-setup.ts';
import { testCommands } from '../../domain/setup/test-plan.ts';
import { baseEnvironment } from '../environment/base-environment.ts';
import { holdAttempt, type HeldAttempt } from '../pipeline/hold-attempt.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { readBaseline, storeCases } from './baseline.ts';
import { confirmTests } from './confirm-tests.ts';
import { readCheckFile, type CheckFile } from './read-check-file.ts';
import { runTests } from './run-tests.ts';
import { storeCheck } from './store-check.ts';
import { syncBase } from './sync-base.ts';
import { testFilesOf } from './test-files.ts';
import { sendAfterCommit } from '../pipeline/send-after-commit.ts';

/**
 * Verifies a commit: the repo's tests on a clean checkout in a sandbox of their own, then the change's test files on the
 * base, where new tests have to fail. The first check of a pipeline run has no head yet and proves the base and its
 * environment. Repeated after a crash; recorded once. Asks the pipeline run to go on.
 */
export async function runCheck(context: HostContext, { stageAttemptId }: { stageAttemptId: string }): Promise<void> {
  const { orgId, bus } = context;
  const file = await readCheckFile(context, stageAttemptId);
  if (!file) return;
  const done = await holdAttempt(context, { attemptId: stageAttemptId, kind: 'check' }, async (held) => {
    if (file.input.head) await checkHead(context, held, { ...file, head: file.input.head });
    else await checkBase(context, held, file);
  });
  if (!done) return;
  const { pipelineRunId } = file.attempt;
  await sendAfterCommit(bus, [{ name: 'pipeline-run/advance-requested', data: { orgId, pipelineRunId } }]);
}

async function checkBase(context: HostContext, held: HeldAttempt, file: CheckFile): Promise<void> {
  const { orgId, database } = context;
  const { repo } = file;
  const base = await syncBase(context, file);
  const { environmentCheckId, run } = await baseEnvironment(context, { repo, commit: base, signal: held.signal });
  const counts = countTests(run.cases);
  const evidence: CheckEvidence = {
    ...evidenceOf(run, { command: repo.testCommand, commit: base, base }),
    environmentCheckId,
    baseline: counts,
    newTests: [],
    removedTests: [],
    newlySkippedTests: [],
  };
  const casesBlobId = await storeCases(blobsFor(database.org(orgId), orgId), run.cases);
  await storeCheck(context, held, { file, run, evidence, casesBlobId });
}

async function checkHead(context: HostContext, held: HeldAttempt, file: CheckFile & { head: string }): Promise<void> {
  const { orgId, database, codeHost } = context;
  const { repo, head } = file;
  const { base } = file.change;
  const { signal } = held;
  const mirror = repo.id;
  const settings = { testCommand: repo.testCommand, setup: readSetup(repo.setup) };
  const touched = await codeHost.changedBetween({ mirror, base, head });
  const commands = testCommands(
    settings,
    touched.map(({ path }) => path),
  );
  const tested = { mirror, commands, setup: settings.setup, signal };
  const seen = await confirmTests(context, { ...tested, commit: head });
  const baseline = await readBaseline(context, { ...tested, attempt: file.attempt, base });
  const run = failUnreadable(seen, baseline);
  const files = run.cases ? await testFilesOf(codeHost, { mirror, base, head }) : { overlay: [], without: [] };
  const onBase = files.overlay.length > 0 ? await runTests(context, { ...tested, commit: base, ...files }) : null;
  const evidence: CheckEvidence = {
    ...evidenceOf(run, { command: commands.join(' && '), commit: head, base }),
    baseline: countTests(baseline),
    ...compareTests({ head: run.cases, baseline, onBase: onBase?.cases ?? null }),
  };
  const casesBlobId = await storeCases(blobsFor(database.org(orgId), orgId), run.cases);
  await storeCheck(context, held, { file, run, evidence, casesBlobId });
}

/** What one run of the tests says by itself. */
function evidenceOf(run: TestRun, of: { command: string; commit: string; base: string }) {
  return {
    ...of,
    exitCode: run.exitCode,
    durationMs: run.durationMs,
    tests: countTests(run.cases),
    failing: run.failing,
    ...(run.image !== undefined && { image: run.image }),
    ...(run.flaky ? { flakyTests: run.flaky } : {}),
    outputTail: lastLines(run.output, 4_000),
  };
}
