import { beforeAll, expect, test } from 'vitest';
import { appendRunEvents } from '../../db/append-event.ts';
import { blobsFor } from '../../db/blobs.ts';
import { testDatabase, type TestDatabase } from '../../testing/database.ts';
import { makeRunWithAll } from '../../testing/factories.ts';
import { getRunImage } from './get-run-image.ts';

let t: TestDatabase;
beforeAll(async () => {
  t = await testDatabase();
});

async function runWithImage() {
  const { org, runId } = await makeRunWithAll(t.database);
  const { orgId, db } = org;
  const blob = await blobsFor(db, orgId).put(Buffer.from(`picture of ${runId}`));
  const images = [{ blobId: blob.id, mediaType: 'image/png' as const, width: 2, height: 1 }];
  const call = { turn: 1, callId: 'c1', tool: 'browser_screenshot', exitCode: null, droppedBytes: 0, blobId: null };
  const event = {
    kind: 'tool.finished' as const,
    payload: { ...call, outcome: 'ok' as const, text: '', durationMs: 1, images },
  };
  const actor = { type: 'agent-run' as const, runId, onBehalfOf: org.owner.userId };
  await appendRunEvents(db, { orgId, runId, generation: 0, actor, at: new Date(), events: [event] });
  const viewer = { userId: org.owner.userId, role: 'owner' as const };
  return { query: { db, system: t.database.system, orgId, viewer, now: new Date() }, runId, blobId: blob.id };
}

test('an image that a run has shown its agent is there, for that run alone', async () => {
  const { query, runId, blobId } = await runWithImage();
  const { mediaType, base64 } = await getRunImage(query, { runId, blobId });
  expect([mediaType, Buffer.from(base64, 'base64').toString()]).toEqual(['image/png', `picture of ${runId}`]);
  const other = await runWithImage();
  await expect(getRunImage(other.query, { runId: other.runId, blobId })).rejects.toMatchObject({ code: 'not_found' });
  const kept = await blobsFor(query.db, query.orgId).put(Buffer.from('an output, no image'));
  await expect(getRunImage(query, { runId, blobId: kept.id })).rejects.toMatchObject({ code: 'not_found' });
});
