import { z } from 'zod';
import { blobsFor } from '../../db/blobs.ts';
import { AppError } from '../../domain/errors.ts';
import { testCase } from '../../domain/checks/evidence.ts';
import type { TestRun } from '../../domain/checks/read-test-run.ts';
import { environmentReport, type EnvironmentReport } from '../../domain/setup/environment.ts';
import { readSetup } from '../../domain/setup/repo-setup.ts';
import { settingsDigest } from '../../domain/setup/setup-key.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { examine } from './examine.ts';
import { readToolchain } from './read-toolchain.ts';
import { storeEnvironment } from './store-environment.ts';

type Repo = { id: string; testCommand: string; setup: unknown };
type Wanted = { repo: Repo; commit: string; signal: AbortSignal };

export type BaseEnvironment = { environmentCheckId: string; run: TestRun };

/**
 * What is known of a commit's environment: from a check that passed, whichever pipeline run or person asked for it, else by
 * examining it now. One that failed is never believed twice: whatever was wrong may be mended by now. Nor is one that passed
 * in a sandbox with other tools: the operator may have moved the org or changed its image.
 */
export async function baseEnvironment(context: HostContext, wanted: Wanted): Promise<BaseEnvironment> {
  const { clock } = context;
  const { repo, commit, signal } = wanted;
  const setup = readSetup(repo.setup);
  const settings = settingsDigest({ testCommand: repo.testCommand, setup });
  const known = await readPassed(context, { repoId: repo.id, commit, settings });
  if (known && (await hasTools(context, wanted, known.tools))) return known;
  const startedAt = clock.now();
  const examination = await examine(context, { repo, setup, commit, signal });
  const of = { ...examination, repoId: repo.id, commit, settings, startedAt };
  return { environmentCheckId: await storeEnvironment(context, of), run: examination.run };
}

/** False also where there is no sandbox: who examines will say why. */
async function hasTools(context: HostContext, { repo, commit, signal }: Wanted, tools: string): Promise<boolean> {
  try {
    return (await readToolchain(context, { mirror: repo.id, commit, signal })).join('\n') === tools;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError && error.code === 'sandbox_unavailable')) throw error;
    return false;
  }
}

type Known = { repoId: string; commit: string; settings: string };

async function readPassed(
  { database, orgId }: HostContext,
  of: Known,
): Promise<(BaseEnvironment & { tools: string }) | null> {
  const db = database.org(orgId);
  const row = await db.environmentCheck.findFirst({
    where: { orgId, ...of, status: 'passed' },
    orderBy: { id: 'desc' },
  });
  const report = environmentReport.safeParse(row?.report);
  if (!row || !report.success || report.data.tests === null) return null;
  const bytes = row.casesBlobId === null ? null : await blobsFor(db, orgId).get(row.casesBlobId);
  const cases = bytes && z.array(testCase).parse(JSON.parse(new TextDecoder().decode(bytes)));
  const tools = report.data.steps.find(({ step }) => step === 'tools')?.output ?? '';
  return { environmentCheckId: row.id, run: asRun(report.data, cases), tools };
}

function asRun({ tests }: EnvironmentReport, cases: TestRun['cases']): TestRun {
  const { exitCode, durationMs, detail, failing, outputTail } = tests!;
  return { verdict: 'passed', detail, exitCode, durationMs, failing, cases, output: outputTail };
}
