import type { RestoredWork, ToolResult } from '../ports.ts';
import type { ToolKit } from './tool.ts';

const mostNamed = 8;

/** What the agent reads of it: each path with the rule, and the way that is open. */
function told({ files, total }: RestoredWork): string {
  const lines = files
    .slice(0, mostNamed)
    .map(({ path, verdict: { rule, reason } }) => `- ${path} (${rule}): ${reason}`);
  const more = total > lines.length ? [`- and ${total - lines.length} more`] : [];
  return [
    `[${total} ${total === 1 ? 'path was' : 'paths were'} put back as before: this command changed what this run may not write.]`,
    ...lines,
    ...more,
    'Do not try another way; if the task needs it, ask for it with request_scope and say why.',
  ].join('\n');
}

type Call = { callId: string; signal: AbortSignal };

/**
 * The result of a command, with what of its changes was put back. A run that is cut short has no time for that, and its
 * sandbox takes no command any more: what strayed is met by the look after the next command, and by none where none follows.
 */
export async function guarded({ guard }: Pick<ToolKit, 'guard'>, call: Call, result: ToolResult): Promise<ToolResult> {
  if (call.signal.aborted) return result;
  const restored = (await guard?.restore(call)) ?? null;
  if (restored === null || call.signal.aborted) return result;
  const events = [...(result.events ?? []), { kind: 'work.restored' as const, payload: restored }];
  return { ...result, text: `${result.text}\n\n${told(restored)}`, events };
}
