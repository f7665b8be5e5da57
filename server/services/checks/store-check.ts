import { blobsFor } from '../../db/blobs.ts';
import { newId } from '../../db/new-id.ts';
import { checkEvidence, type CheckEvidence } from '../../domain/checks/evidence.ts';
import { evidenceDigest } from '../../domain/checks/evidence-digest.ts';
import type { TestRun } from '../../domain/checks/read-test-run.ts';
import type { OrgEvent } from '../../domain/events/org-events.ts';
import { endAttempt } from '../pipeline/end-attempt.ts';
import type { HeldAttempt } from '../pipeline/hold-attempt.ts';
import type { HostContext } from '../pipeline/work-context.ts';

export type Checked = {
  file: { change: { id: string } };
  run: TestRun;
  evidence: CheckEvidence;
  casesBlobId: string | null;
};

/** Records a check and ends its attempt, in one transaction and by the lease's holder only. */
export async function storeCheck(context: HostContext, held: HeldAttempt, checked: Checked): Promise<void> {
  const { database, orgId, clock } = context;
  const { file, run, evidence, casesBlobId } = checked;
  const now = clock.now();
  const output = await blobsFor(database.org(orgId), orgId).put(new TextEncoder().encode(run.output));
  const checkResultId = newId('checkResult');
  const event = checkFinished({ checkResultId, changeId: file.change.id, verdict: run.verdict, evidence });
  await database.transaction(orgId, async (tx) => {
    await tx.checkResult.create({
      data: {
        orgId,
        id: checkResultId,
        stageAttemptId: held.attemptId,
        changeId: file.change.id,
        commit: evidence.commit,
        verdict: run.verdict,
        evidence: checkEvidence.parse(evidence),
        blobId: output.id,
        createdAt: now,
      },
    });
    await endAttempt(tx, {
      orgId,
      now,
      attemptId: held.attemptId,
      leaseOwner: held.leaseOwner,
      events: [event],
      outcome: {
        kind: 'check',
        verdict: run.verdict,
        detail: run.detail,
        checkResultId,
        failing: run.failing,
        casesBlobId,
      },
    });
  });
}

type Finished = { checkResultId: string; changeId: string; verdict: string; evidence: CheckEvidence };

function checkFinished({ checkResultId, changeId, verdict, evidence }: Finished): OrgEvent {
  const evidenceSha256 = evidenceDigest(evidence);
  const payload = { checkResultId, changeId, commit: evidence.commit, verdict, evidenceSha256 };
  return { kind: 'check.finished', payload };
}
