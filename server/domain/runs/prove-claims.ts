import { z } from 'zod';
import type { RunEvent } from '../events/run-events.ts';
import type { BuildHandoff } from '../roles/role-body.ts';

/** A claim of a hand-off with the call of the run that it points to, and how that call ended. */
export const claimProof = z.object({
  statement: z.string(),
  evidence: z.string(),
  callId: z.string(),
  tool: z.string(),
  ended: z.enum(['ok', 'failed']),
});
export type ClaimProof = z.infer<typeof claimProof>;

type Claims = BuildHandoff['claims'];
type Ran = { callId: string; tool: string; names: string[]; ended: ClaimProof['ended'] };

const plain = (text: string) => text.trim().replace(/\s+/g, ' ');

/** What a call may be called by: its id, its command, the path it worked on. */
function namesOf(callId: string, input: unknown): string[] {
  const { command, path } = (input ?? {}) as Record<string, unknown>;
  return [callId, command, path].flatMap((name) => (typeof name === 'string' ? [plain(name)] : []));
}

/** The calls of a log that ran to their end, oldest first; one that was denied or lost shows nothing. */
function ranCalls(log: readonly RunEvent[]): Ran[] {
  const names = new Map<string, string[]>();
  const ran: Ran[] = [];
  for (const { kind, payload } of log) {
    if (kind === 'tool.intended') names.set(payload.callId, namesOf(payload.callId, payload.input));
    if (kind !== 'tool.finished' || (payload.outcome !== 'ok' && payload.outcome !== 'error')) continue;
    const { callId, tool, outcome, exitCode } = payload;
    const ended = outcome === 'ok' && (exitCode ?? 0) === 0 ? 'ok' : 'failed';
    ran.push({ callId, tool, names: names.get(callId) ?? [callId], ended });
  }
  return ran;
}

/**
 * Finds the call behind each claim: the last one whose id, command or path is the claim's evidence. `problem` says in words
 * for the agent which claims point to nothing that ran.
 */
export function proveClaims(claims: Claims, log: readonly RunEvent[]): { proofs: ClaimProof[] } | { problem: string } {
  const ran = ranCalls(log);
  const proofs: ClaimProof[] = [];
  const unproven: string[] = [];
  for (const { statement, evidence } of claims) {
    const call = ran.findLast(({ names }) => names.includes(plain(evidence)));
    if (call) proofs.push({ statement, evidence, callId: call.callId, tool: call.tool, ended: call.ended });
    else unproven.push(`“${statement}” (${evidence})`);
  }
  if (unproven.length === 0) return { proofs };
  const problem =
    `These claims point to no call of this run: ${unproven.join('; ')}. As \`evidence\` give the exact command you ran, the ` +
    'path of a file you viewed or wrote, or leave the claim out.';
  return { problem };
}
