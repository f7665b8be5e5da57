import type { DeskRequest, ToolResult } from '../ports.ts';
import { cleanText } from './clean-text.ts';
import { failed, ok, type ToolKit } from './tool.ts';

/** Puts a request before people; the run waits, and the answer is the result of the call. */
export async function putToPeople(
  { desk }: ToolKit,
  { request, callId, signal }: { request: DeskRequest; callId: string; signal: AbortSignal },
): Promise<ToolResult> {
  const answer = await desk.ask({ callId, request: cleanText(request), signal });
  if (answer.kind === 'refused') return failed(answer.text);
  if (answer.kind === 'answered') return { ...ok(answer.text), events: answer.events };
  const { approvalId, waits } = answer;
  return {
    ...ok('This is with a person now.'),
    ends: { kind: 'waiting', on: { kind: 'approval', id: approvalId }, waits },
  };
}
