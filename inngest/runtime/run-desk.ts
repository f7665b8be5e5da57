import type { AgentPorts, Desk, DeskRequest } from '../../server/agent/ports.ts';
import type { LedgerLeft } from '../../server/domain/budget/ledger.ts';
import type { RunRequest } from '../../server/domain/approval/subject.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';
import { tidyScopeRequest } from '../../server/domain/scope/scope-request.ts';
import { askPeople } from '../../server/services/approvals/ask-people.ts';
import { claimPaths } from '../../server/services/runs/claim-paths.ts';
import { delegate } from '../../server/services/runs/delegate.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { recordDecision } from '../../server/services/runs/record-decision.ts';
import { recordHandoff } from '../../server/services/runs/record-handoff.ts';
import { whoIsAsked } from './who-is-asked.ts';
import type { Worker } from './worker.ts';

export type RunDesk = Desk & {
  /** Why the hand-off carries no change, where it does not. */
  blocked(): string | null;
};

type Running = {
  claim: Claim;
  file: RunFile;
  sandbox: Pick<Sandbox, 'snapshot'>;
  /** What the run may still use. */
  left(): LedgerLeft;
  keepTree: AgentPorts['snapshot'];
};

/** Where the calls of one run go that leave its sandbox. */
export function runDesk(worker: Worker, { claim, file, sandbox, left, keepTree }: Running): RunDesk {
  const { database, codeHost, clock } = worker;
  const { orgId, runId } = claim;
  let blocked: string | null = null;
  return {
    blocked: () => blocked,
    async handoff({ callId, body }) {
      const tree = await sandbox.snapshot();
      const ports = { database, codeHost };
      const answer = await recordHandoff(ports, { now: clock.now(), claim, file, tree, callId, body });
      if (answer.kind === 'refused') return answer;
      blocked = answer.blocked;
      return { kind: 'accepted', events: answer.events };
    },
    async decide({ callId, body }) {
      const answer = await recordDecision({ database, codeHost }, { now: clock.now(), claim, file, callId, body });
      return answer.kind === 'refused' ? answer : { kind: 'accepted', events: [] };
    },
    async claim({ paths }) {
      const { id: repoId } = file.repo;
      const { pipelineRunId } = file.stageAttempt;
      return claimPaths({ database }, { orgId, repoId, pipelineRunId, now: clock.now(), paths });
    },
    async delegate({ callId, body }) {
      // A turn's own tree is kept after it; this slice ends here, so that no other is kept under this name.
      const keep = async () => (await keepTree(0))?.commit ?? null;
      const asked = { callId, body, left: left(), keepTree: keep };
      const answer = await delegate({ database, now: await database.time(), claim, file }, asked);
      if (answer.kind !== 'waiting') return answer;
      return { kind: 'waiting', on: { kind: 'run', id: answer.runId }, waits: answer.waits };
    },
    async ask({ callId, request: asked }) {
      const request = asPutToPeople(file, { runId, callId }, asked);
      const answering = await whoIsAsked(worker, { claim, file }, request);
      if ('problem' in answering) return { kind: 'refused', text: `Nobody was asked. ${answering.problem}` };
      const { decides } = answering;
      const put = decides ? { ...request, decides } : request;
      return askPeople({ database }, { orgId, now: clock.now(), requesterId: file.task.requesterId, request: put });
    },
  };
}

/** A request with what the server knows about it: people decide on this and on nothing the agent says of itself. */
function asPutToPeople({ agent }: RunFile, of: { runId: string; callId: string }, asked: DeskRequest): RunRequest {
  switch (asked.kind) {
    case 'question':
    case 'budget':
      return { ...of, ...asked };
    case 'blocker':
      return { ...of, agent: agent.name, ...asked };
    case 'scope':
      return { ...of, agent: agent.name, kind: 'scope', why: asked.why, ...tidyScopeRequest(asked) };
  }
}
