import { z } from 'zod';
import { blobsFor } from '../../db/blobs.ts';
import { testCase, type TestCase } from '../../domain/checks/evidence.ts';
import { casesUnder } from '../../domain/checks/combine-runs.ts';
import { stageOutcome } from '../../domain/pipeline/stage-outcome.ts';
import type { Blobs } from '../../domain/ports/blobs.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { runTests, type TestRequest } from './run-tests.ts';

const cases = z.array(testCase);

/** Keeps the cases of a run whole; null where they are unknown. */
export async function storeCases(blobs: Blobs, of: TestCase[] | null): Promise<string | null> {
  if (!of) return null;
  return (await blobs.put(new TextEncoder().encode(JSON.stringify(of)))).id;
}

type Wanted = Omit<TestRequest, 'commit'> & { attempt: { pipelineRunId: string }; base: string };

/** The test cases of the base commit under these commands: as an earlier check of this pipeline run saw them, else now. */
export async function readBaseline(context: HostContext, wanted: Wanted): Promise<TestCase[] | null> {
  const { database, orgId } = context;
  const { attempt, base, commands } = wanted;
  const db = database.org(orgId);
  const earlier = await db.checkResult.findFirst({
    where: { orgId, commit: base, stageAttempt: { pipelineRunId: attempt.pipelineRunId } },
    orderBy: { id: 'desc' },
    include: { stageAttempt: true },
  });
  const outcome = stageOutcome.safeParse(earlier?.stageAttempt.outcome);
  if (outcome.success && outcome.data.kind === 'check' && outcome.data.casesBlobId) {
    const bytes = await blobsFor(db, orgId).get(outcome.data.casesBlobId);
    return casesUnder(cases.parse(JSON.parse(new TextDecoder().decode(bytes))), commands);
  }
  return (await runTests(context, { ...wanted, commit: base })).cases;
}
