import type { Blobs } from '../../domain/ports/blobs.ts';
import type { ToolResult } from '../ports.ts';
import { cutMiddle, mostResultBytes } from '../text/truncate.ts';

/** Room for a tool's own words round an output that it has cut itself. */
const slackBytes = 2 * 1024;

/**
 * What no tool may go over, whatever it answers: the middle is cut, the whole kept, and an agent who has the tool for it
 * (`readsOn`) is told how to read on.
 */
export async function capped(blobs: Blobs, result: ToolResult, readsOn: boolean): Promise<ToolResult> {
  const { text } = result;
  const isLong = Buffer.byteLength(text, 'utf8') > mostResultBytes + slackBytes;
  const blobId = result.blobId ?? (isLong ? (await blobs.put(Buffer.from(text, 'utf8'))).id : null);
  if (blobId === null) return result;
  const shown = isLong ? cutMiddle({ head: text, tail: '', droppedBytes: 0 }) : text;
  if (!readsOn) return { ...result, text: shown, blobId };
  const note = `[The whole of it is kept: read_output with the id ${blobId} shows any part.]`;
  return { ...result, text: `${shown.trimEnd()}\n${note}`, blobId };
}
