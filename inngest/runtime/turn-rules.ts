import type { AgentPorts } from '../../server/agent/ports.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import type { Grant } from '../../server/domain/policy/grant.ts';
import { readHeldPaths } from '../../server/db/held-paths.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { writeScopeOf } from './run-desk.ts';
import type { Worker } from './worker.ts';

type Of = { claim: Claim; file: RunFile; grants: readonly Grant[] };

/**
 * What decides on the calls of a run. What other tasks have reserved is read anew before each turn; what they reserve
 * within one is met at the hand-off, which reads it once more.
 */
export async function turnRules(
  { database, clock }: Worker,
  { claim: { orgId }, file, grants }: Of,
): Promise<{ decide: AgentPorts['decide']; renew(): Promise<void> }> {
  const { pipelineRunId } = file.stageAttempt;
  const read = () =>
    readHeldPaths(database.org(orgId), { orgId, repoId: file.repo.id, pipelineRunId, now: clock.now() });
  const scope = writeScopeOf(file);
  let held = await read();
  return {
    decide: (action) => decide({ scope, grants, held }, action),
    async renew() {
      held = await read();
    },
  };
}
