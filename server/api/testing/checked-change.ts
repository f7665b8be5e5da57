import { appendOrgEvents, appendRunEvents } from '../../db/append-event.ts';
import { newId } from '../../db/new-id.ts';
import { checkFile } from '../../domain/audit/check-file.ts';
import { nodeHashing } from '../../domain/audit/node-hashing.ts';
import { evidenceDigest } from '../../domain/checks/evidence-digest.ts';
import type { TestDatabase } from '../../testing/database.ts';
import { makeApiKey, makeChange, makeRunWithAll } from '../../testing/factories.ts';
import type { Served } from './serve.ts';

export const evidenceActor = { type: 'system' as const, reason: 'test' };
const commit = 'c'.repeat(40);
const evidence = {
  ...{ commit, base: 'b'.repeat(40), command: 'npm test', exitCode: 0, durationMs: 1, tests: null, failing: [] },
  ...{
    newTests: [],
    removedTests: [],
    newlySkippedTests: [],
    baseline: null,
    outputTail: '<script>alert(1)</script>\u202e',
  },
};

/** A change with a check that passed, a run behind it, and a key that may take evidence of both. */
export async function checkedChange(tested: TestDatabase) {
  const made = await makeRunWithAll(tested.database);
  const { org, pipelineRunId, repoId, stageAttemptId, runId } = made;
  const { orgId, db } = org;
  const { changeId } = await makeChange(org, { pipelineRunId, repoId });
  const id = newId('checkResult');
  const row = {
    orgId,
    id,
    stageAttemptId,
    changeId,
    commit,
    verdict: 'passed' as const,
    evidence,
    createdAt: new Date(),
  };
  await db.checkResult.create({ data: row });
  const evidenceSha256 = evidenceDigest(evidence);
  const payload = { checkResultId: id, changeId, commit, verdict: 'passed', evidenceSha256 };
  await tested.database.transaction(orgId, (tx) =>
    appendOrgEvents(tx, { orgId, actor: evidenceActor, at: new Date(), events: [{ kind: 'check.finished', payload }] }),
  );
  const event = { kind: 'run.resumed' as const, payload: { reason: 'x' } };
  const opened = { kind: 'sandbox.opened' as const, payload: { image: 'sha256:5ad' } };
  await appendRunEvents(db, {
    orgId,
    runId,
    generation: 0,
    actor: evidenceActor,
    at: new Date(),
    events: [event, event, opened],
  });
  const { key } = await makeApiKey(tested.database, org);
  return { ...made, changeId, key };
}

type Asking = { org: { slug: string }; key: string };

export async function takeEvidence(served: Served, of: Asking, asked: Record<string, string>) {
  const response = await fetch(`${served.url}/api/orgs/${of.org.slug}/evidence`, {
    method: 'POST',
    headers: { authorization: `Bearer ${of.key}` },
    body: new URLSearchParams(asked),
  });
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function* chunks(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

export const checkBundle = (bytes: Uint8Array) => checkFile(chunks(bytes), { hashing: nodeHashing });
