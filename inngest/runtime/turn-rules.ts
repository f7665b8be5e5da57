import type { AgentPorts } from '../../server/agent/ports.ts';
import { readHeldPaths } from '../../server/db/held-paths.ts';
import { readPolicyHeads, type PolicyHeads } from '../../server/db/policy-heads.ts';
import { readRepoClasses } from '../../server/db/repo-classes.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { modelNameOf } from '../../server/domain/mcp/mcp-server.ts';
import { closedSince, type RunMcpTool } from '../../server/domain/mcp/run-tools.ts';
import type { Action } from '../../server/domain/policy/action.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import { openedHosts, type Grant } from '../../server/domain/policy/grant.ts';
import { repoFacts } from '../../server/domain/policy/repo-facts.ts';
import { downloadsOf } from '../../server/domain/policy/shell/read-script.ts';
import type { Verdict } from '../../server/domain/policy/verdict.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import { readRoleServers } from '../../server/services/mcp/read-role-servers.ts';
import { isSame, readRunPolicy } from '../../server/services/policy/read-run-policy.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { writeScopeOf } from './who-is-asked.ts';
import type { Worker } from './worker.ts';

/** `judge`: what the sandbox asks the network for, by rules that are read anew each time. */
type TurnRules = AgentPorts['rules'] & { judge: NonNullable<SandboxEgress['judge']> };

type Of = {
  claim: Claim;
  file: RunFile;
  grants: readonly Grant[];
  log: readonly RunEvent[];
  /** Tools of MCP servers as the slice began with them. */
  mcp: readonly RunMcpTool[];
};

function closedByPeople({ server, tool }: Extract<Action, { kind: 'mcp_call' }>): Verdict {
  const reason = `Since this run began, a person has closed ${tool} of the MCP server ${server}, or allows it otherwise.`;
  return { verdict: 'deny', rule: 'm0-closed', layer: 'org', reason };
}

/**
 * What decides on the calls of a run. Which policy holds, what other tasks have reserved, and which tools of MCP servers
 * people still allow, is read anew before calls are decided on and again before each is run; what others reserve within that
 * is met at the hand-off, which reads it once more.
 */
export async function turnRules(
  { database, clock }: Worker,
  { claim: { orgId }, file, grants, log, mcp }: Of,
): Promise<TurnRules> {
  const db = database.org(orgId);
  const { pipelineRunId } = file.stageAttempt;
  const of = { orgId, repoId: file.repo.id, run: file.run, scope: writeScopeOf(file) };
  const readHeld = () => readHeldPaths(db, { ...of, pipelineRunId, now: clock.now() });
  const readClosed = async () => {
    if (mcp.length === 0) return new Set<string>();
    return closedSince(mcp, await readRoleServers(db, { orgId, names: file.role.servers }));
  };
  let [current, held, closed] = await Promise.all([readRunPolicy(db, of), readHeld(), readClosed()]);
  const facts = factsOf(file, grants);
  for (const event of log)
    if (event.kind === 'tool.intended') notice(event.payload.input, event.payload.verdict.verdict);

  function notice(input: unknown, verdict: string): void {
    const command = (input as { command?: unknown } | null)?.command;
    if (verdict !== 'allow' || typeof command !== 'string') return;
    for (const path of downloadsOf(command, facts.shell)) facts.shell.downloaded.add(path);
  }

  const refresh = async () => {
    const reading = [readPolicyHeads(db, of), readHeld(), readClosed(), readRepoClasses(db, of)] as const;
    const [heads, holding, closing, classes] = await Promise.all(reading);
    [held, closed] = [holding, closing];
    const isNew = !isSame(heads, current.heads) || (classes?.id ?? null) !== current.classesId;
    if (isNew) current = await readRunPolicy(db, of);
  };
  let told = lastTold(log);
  /** What the log does not know yet of the policy that holds. */
  const news = (): RunEvent[] => {
    const { change } = current;
    if (change === null || (told !== null && isSame(told, change) && told.classes === change.classes)) return [];
    told = { org: change.org, repo: change.repo, classes: change.classes };
    return [{ kind: 'policy.changed', payload: change }];
  };
  const rules: TurnRules = {
    decide(action) {
      const { policy, also } = current;
      if (action.kind === 'mcp_call' && closed.has(modelNameOf(action.server, action.tool))) {
        return closedByPeople(action);
      }
      const verdict = decide({ policy, also, grants, held, facts }, action);
      if (action.kind === 'shell') notice(action, verdict.verdict);
      return verdict;
    },
    async renew() {
      await refresh();
      return news();
    },
    async judge(asks) {
      await refresh();
      return asks.map((ask) => rules.decide({ kind: 'fetch', ...ask }));
    },
  };
  return rules;
}

type Told = PolicyHeads & { classes: string | null };

/** The versions that the run's log names last. */
function lastTold(log: readonly RunEvent[]): Told | null {
  const last = log.findLast((event) => event.kind === 'policy.changed');
  return last?.kind === 'policy.changed' ? { ...last.payload, classes: last.payload.classes ?? null } : null;
}

/** What a person opened counts like what the role's list names. */
function factsOf({ repo, role: { network } }: RunFile, grants: readonly Grant[]) {
  const rules = [...network.rules, ...openedHosts(grants)];
  return repoFacts({ repo, network: { ...network, rules } });
}
