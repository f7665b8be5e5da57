import type { AgentPorts } from '../../server/agent/ports.ts';
import { AppError } from '../../server/domain/errors.ts';
import type { Blobs } from '../../server/domain/ports/blobs.ts';

/** Images out of the org's blobs, each read once a slice. One that is gone is left out: the model is told so. */
export function keptImages(blobs: Blobs): NonNullable<AgentPorts['images']> {
  const read = new Map<string, string>();
  return async (images) => {
    for (const { blobId } of images) {
      if (read.has(blobId)) continue;
      const bytes = await blobs.get(blobId).catch(unlessGone);
      if (bytes) read.set(blobId, Buffer.from(bytes).toString('base64'));
    }
    return read;
  };
}

function unlessGone(error: unknown): null {
  if (error instanceof AppError && error.code === 'not_found') return null;
  throw error;
}
