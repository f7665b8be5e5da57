import type { AgentPorts } from '../../server/agent/ports.ts';
import { readHeldPaths } from '../../server/db/held-paths.ts';
import { readRunHeads, type RunHeads } from '../../server/db/policy-heads.ts';
import type { RunEvent } from '../../server/domain/events/run-events.ts';
import { modelNameOf } from '../../server/domain/mcp/mcp-server.ts';
import { closedSince, type RunMcpTool } from '../../server/domain/mcp/run-tools.ts';
import type { NetworkPolicy } from '../../server/domain/network/network-policy.ts';
import type { Action } from '../../server/domain/policy/action.ts';
import { decide } from '../../server/domain/policy/decide.ts';
import { openedHosts, type Grant } from '../../server/domain/policy/grant.ts';
import { repoFacts } from '../../server/domain/policy/repo-facts.ts';
import { downloadsOf } from '../../server/domain/policy/shell/read-script.ts';
import type { Verdict } from '../../server/domain/policy/verdict.ts';
import type { SandboxEgress } from '../../server/domain/ports/sandbox.ts';
import type { RoleBody } from '../../server/domain/roles/role-body.ts';
import { readRoleServers } from '../../server/services/mcp/read-role-servers.ts';
import { isSame, readRunPolicy } from '../../server/services/policy/read-run-policy.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import type { HeldRun } from './hold-run.ts';
import { writeScopeOf } from './who-is-asked.ts';
import type { Worker } from './worker.ts';

/** `judge`: what the sandbox asks the network for, by rules that are read anew each time. */
type TurnRules = AgentPorts['rules'] & {
  judge: NonNullable<SandboxEgress['judge']>;
  /** Takes note of what is in the log now. */
  recorded(events: readonly RunEvent[]): void;
};

type Of = {
  claim: Claim;
  file: RunFile;
  grants: readonly Grant[];
  log: readonly RunEvent[];
  /** Tools of MCP servers as the slice began with them. */
  mcp: readonly RunMcpTool[];
  /** By the clock of the commits, which are held to what was reserved then. */
  now: HeldRun['now'];
};

function closedByPeople({ server, tool }: Extract<Action, { kind: 'mcp_call' }>): Verdict {
  const reason = `Since this run began, a person has closed ${tool} of the MCP server ${server}, or allows it otherwise.`;
  return { verdict: 'deny', rule: 'm0-closed', layer: 'org', reason };
}

function lostByRole(tool: string): Verdict {
  const reason = `Since this run began, its role has lost the tool ${tool}.`;
  return { verdict: 'deny', rule: 'role-tools', layer: 'role', reason };
}

/**
 * What decides on the calls of a run. Which policy and version of its role hold, what other tasks have reserved, and which tools of MCP servers
 * people still allow, is read anew before calls are decided on and again before each is run; what others reserve within that
 * is met at the hand-off, which reads it once more.
 */
export async function turnRules(
  { database }: Pick<Worker, 'database'>,
  { claim: { orgId }, file, grants, log, mcp, now }: Of,
): Promise<TurnRules> {
  const db = database.org(orgId);
  const place = { repoId: file.repo.id, agentId: file.run.agentId, pipelineRunId: file.stageAttempt.pipelineRunId };
  const of = { orgId, ...place, run: file.run, scope: writeScopeOf(file) };
  const readHeld = async () => readHeldPaths(db, { ...of, now: await now() });
  const readClosed = async () => {
    if (mcp.length === 0) return new Set<string>();
    return closedSince(mcp, await readRoleServers(db, { orgId, names: file.role.servers }));
  };
  let [current, held, closed] = await Promise.all([readRunPolicy(db, of), readHeld(), readClosed()]);
  const facts = repoFacts({ repo: file.repo, network: networkOf(file, grants, current.role) });
  const downloads = noticing(facts, log);

  const refresh = async () => {
    const [heads, holding, closing] = await Promise.all([readRunHeads(db, of), readHeld(), readClosed()]);
    [held, closed] = [holding, closing];
    if (isSame(heads, current.heads)) return;
    current = await readRunPolicy(db, of);
    facts.network = networkOf(file, grants, current.role);
  };
  let [told, renewed] = [lastTold(log), false];
  const isTold = () => current.change === null || (told !== null && isSame(told, current.change));
  /** What the log does not know yet of the policy that holds. */
  const news = (): RunEvent[] => {
    const { change } = current;
    if (change === null || isTold()) return [];
    told = change;
    return [{ kind: 'policy.changed', payload: change }];
  };
  const rules: TurnRules = {
    decide(action, tool) {
      const { policy, also, role } = current;
      if (role !== null && isLost(action, tool, { began: file.role, role })) return lostByRole(tool ?? action.kind);
      if (action.kind === 'mcp_call' && closed.has(modelNameOf(action.server, action.tool))) {
        return closedByPeople(action);
      }
      return downloads.decided(action, decide({ policy, also, grants, held, facts }, action));
    },
    async renew() {
      await refresh();
      downloads.forget();
      renewed = true;
      return news();
    },
    basis() {
      // What people close of a server is in no version.
      if (!renewed || !isTold() || mcp.length > 0) return null;
      return { ...place, heads: current.heads, held: held.map(({ mark }) => mark) };
    },
    recorded: downloads.recorded,
    async judge(asks) {
      await refresh();
      return asks.map((ask) => rules.decide({ kind: 'fetch', ...ask }));
    },
  };
  return rules;
}

/**
 * Keeps what commands that were allowed download: of those in the log for good, of those that were only decided on until the
 * rules are read anew, since what is decided anew may be refused.
 */
function noticing({ shell }: ReturnType<typeof repoFacts>, log: readonly RunEvent[]) {
  const kept = new Set<string>();
  const notice = (input: unknown, verdict: string): string[] => {
    const command = (input as { command?: unknown } | null)?.command;
    if (verdict !== 'allow' || typeof command !== 'string') return [];
    const paths = downloadsOf(command, shell);
    for (const path of paths) shell.downloaded.add(path);
    return paths;
  };
  const recorded = (events: readonly RunEvent[]) => {
    for (const { kind, payload } of events) {
      if (kind === 'tool.intended') for (const path of notice(payload.input, payload.verdict.verdict)) kept.add(path);
    }
  };
  const forget = () => {
    shell.downloaded.clear();
    for (const path of kept) shell.downloaded.add(path);
  };
  const decided = (action: Action, verdict: Verdict): Verdict => {
    if (action.kind === 'shell') notice(action, verdict.verdict);
    return verdict;
  };
  recorded(log);
  return { decided, recorded, forget };
}

/** The versions that the run's log names last. */
function lastTold(log: readonly RunEvent[]): RunHeads | null {
  const last = log.findLast((event) => event.kind === 'policy.changed');
  if (last?.kind !== 'policy.changed') return null;
  const { org, repo, classes = null, role = null } = last.payload;
  return { org, repo, classes, role };
}

/** Whether a tool or server that the run began with is none of its role's by now. */
function isLost(
  action: Action,
  tool: string | undefined,
  { began, role }: Record<'began' | 'role', RoleBody>,
): boolean {
  if (action.kind === 'mcp_call') return !role.servers.includes(action.server);
  const has = ({ tools }: RoleBody) => (tools as readonly (string | undefined)[]).includes(tool);
  return has(began) && !has(role);
}

/** What the run began with, less what its role has lost since. What a person opened counts like what the role's list names. */
function networkOf({ role: began }: RunFile, grants: readonly Grant[], role: RoleBody | null): NetworkPolicy {
  const { registries, rules } = began.network;
  const now = role?.network ?? began.network;
  const kept = new Set(now.rules.map((rule) => JSON.stringify(rule)));
  return {
    registries: registries.filter((name) => now.registries.includes(name)),
    rules: [...rules.filter((rule) => kept.has(JSON.stringify(rule))), ...openedHosts(grants)],
  };
}
