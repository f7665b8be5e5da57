import type { AgentPorts } from '../../server/agent/ports.ts';
import { readHeldPaths } from '../../server/db/held-paths.ts';
import { readPolicyHeads } from '../../server/db/policy-heads.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import { openedHosts, type Grant } from '../../server/domain/policy/grant.ts';
import { repoFacts } from '../../server/domain/policy/repo-facts.ts';
import { downloadsOf } from '../../server/domain/policy/shell/read-script.ts';
import { isSame, readRunPolicy } from '../../server/services/policy/read-run-policy.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { writeScopeOf } from './run-desk.ts';
import type { Worker } from './worker.ts';

type Of = { claim: Claim; file: RunFile; grants: readonly Grant[]; log: readonly RunEvent[] };

/**
 * What decides on the calls of a run. Which policy holds, and what other tasks have reserved, is read anew before calls are
 * decided on and again before each is run; what others reserve within that is met at the hand-off, which reads it once more.
 */
export async function turnRules(
  { database, clock }: Worker,
  { claim: { orgId }, file, grants, log }: Of,
): Promise<AgentPorts['rules']> {
  const db = database.org(orgId);
  const { pipelineRunId } = file.stageAttempt;
  const of = { orgId, repoId: file.repo.id, run: file.run, scope: writeScopeOf(file) };
  const readHeld = () => readHeldPaths(db, { ...of, pipelineRunId, now: clock.now() });
  let [current, held] = await Promise.all([readRunPolicy(db, of), readHeld()]);
  const facts = factsOf(file, grants);
  for (const event of log)
    if (event.kind === 'tool.intended') notice(event.payload.input, event.payload.verdict.verdict);

  function notice(input: unknown, verdict: string): void {
    const command = (input as { command?: unknown } | null)?.command;
    if (verdict !== 'allow' || typeof command !== 'string') return;
    for (const path of downloadsOf(command, facts.shell)) facts.shell.downloaded.add(path);
  }

  return {
    decide(action) {
      const { policy, also } = current;
      const verdict = decide({ policy, also, grants, held, facts }, action);
      if (action.kind === 'shell') notice(action, verdict.verdict);
      return verdict;
    },
    async renew() {
      const [heads, holding] = await Promise.all([readPolicyHeads(db, of), readHeld()]);
      held = holding;
      if (!isSame(heads, current.heads)) current = await readRunPolicy(db, of);
    },
  };
}

/** What a person opened counts like what the role's list names. */
function factsOf({ repo, role: { network } }: RunFile, grants: readonly Grant[]) {
  const rules = [...network.rules, ...openedHosts(grants)];
  return repoFacts({ repo, network: { ...network, rules } });
}
