import { blobsFor } from '../../db/blobs.ts';
import { readAllEvents } from '../../db/read-events.ts';
import { AppError } from '../../domain/errors.ts';
import type { ViewQuery } from './view-query.ts';

/** An image that a call of this run has shown its agent, in base64. Throws `not_found`, also for any other blob. */
export async function getRunImage(
  { db, orgId }: ViewQuery,
  { runId, blobId }: { runId: string; blobId: string },
): Promise<{ mediaType: string; base64: string }> {
  const events = await readAllEvents(db, { orgId, kind: 'run', subject: runId });
  const images = events.flatMap((event) => (event.kind === 'tool.finished' ? (event.payload.images ?? []) : []));
  const image = images.find((each) => each.blobId === blobId);
  if (image === undefined) throw new AppError('not_found', 'There is no such image in this run.');
  const bytes = await blobsFor(db, orgId).get(blobId);
  return { mediaType: image.mediaType, base64: Buffer.from(bytes).toString('base64') };
}
