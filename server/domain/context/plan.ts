import { clearedResult } from '../transcript/notices.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { weightOfResult } from './account.ts';
import { promptTokensAbout } from './prompt-size.ts';

/** From here on room is made, as a share of the window. */
const full = 0.8;
/** Clearing rewrites the cache behind the first cleared result: worth it only where it frees this share of the window. */
const worthClearing = 0.3;
/** Results of so many last replies are never cleared while the prompt fits: the agent still works on them. */
const freshReplies = 6;
const smallBytes = 1024;
/** What all results of the last reply may keep between them once the provider has refused the prompt. */
const mostOpenBytes = 48 * 1024;

type Cleared = { callId: string; text: string };
export type ContextPlan = { clear: Cleared[]; compact: boolean };

const fits: ContextPlan = { clear: [], compact: false };

type Result = { callId: string; bytes: number };

function toolOf(transcript: Transcript, callId: string): string {
  for (const { content } of transcript.closed) {
    for (const block of content) if (block.type === 'tool_use' && block.id === callId) return block.name;
  }
  return 'this call';
}

function cleared(transcript: Transcript, results: Result[]): Cleared[] {
  return results.map(({ callId }) => {
    const blobId = transcript.facts.outputs[callId] ?? null;
    return { callId, text: clearedResult(toolOf(transcript, callId), blobId) };
  });
}

/** Results of the replies before the last `spared`, those that are worth clearing. */
function oldResults({ closed }: Transcript, spared: number): Result[] {
  return closed.slice(0, Math.max(0, closed.length - 2 * spared)).flatMap(({ content }) =>
    content.flatMap((block) => {
      if (block.type !== 'tool_result') return [];
      const bytes = weightOfResult({ text: block.content, images: block.images });
      return bytes <= smallBytes ? [] : [{ callId: block.tool_use_id, bytes }];
    }),
  );
}

/** The biggest results of the last reply, until what stays is small enough. */
function bigOpenResults({ calls }: Transcript): Result[] {
  const results = calls.map(({ callId, text, images }) => ({
    callId,
    bytes: weightOfResult({ text: text ?? '', images }),
  }));
  let kept = results.reduce((sum, { bytes }) => sum + bytes, 0);
  return results
    .toSorted((a, b) => b.bytes - a.bytes)
    .filter(({ bytes }) => {
      const isTooMuch = kept > mostOpenBytes && bytes > smallBytes;
      if (isTooMuch) kept -= bytes;
      return isTooMuch;
    });
}

/**
 * How room is made for the next prompt in a window of `windowTokens`. Clearing and compacting are never both wanted while the
 * prompt fits: a compaction reads the whole conversation from the cache, which clearing would break.
 */
export function contextPlan(transcript: Transcript, windowTokens: number): ContextPlan {
  if (transcript.closed.length === 0) return fits;
  if (transcript.overflow) {
    const results = [...oldResults(transcript, 0), ...bigOpenResults(transcript)];
    return { clear: cleared(transcript, results), compact: true };
  }
  if (promptTokensAbout(transcript) < full * windowTokens) return fits;
  const old = oldResults(transcript, freshReplies);
  const freed = old.reduce((sum, { bytes }) => sum + bytes, 0) / transcript.bytesPerToken;
  if (freed >= worthClearing * windowTokens) return { clear: cleared(transcript, old), compact: false };
  return { clear: [], compact: transcript.compactedAt !== transcript.turn };
}
