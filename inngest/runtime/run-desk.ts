import type { Desk } from '../../server/agent/ports.ts';
import { askPerson } from '../../server/services/approvals/ask-person.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { recordDecision } from '../../server/services/runs/record-decision.ts';
import { recordHandoff } from '../../server/services/runs/record-handoff.ts';
import type { Worker } from './worker.ts';

export type RunDesk = Desk & {
  /** Why the hand-off carries no change, where it does not. */
  blocked(): string | null;
};

/** Where the calls of one run go that leave its sandbox. */
export function runDesk(worker: Worker, { claim, file, tree }: { claim: Claim; file: RunFile; tree: string }): RunDesk {
  const { database, codeHost, clock } = worker;
  const { orgId, runId } = claim;
  let blocked: string | null = null;
  return {
    blocked: () => blocked,
    async handoff({ callId, body }) {
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
    ask({ callId, question, options }) {
      const { requesterId } = file.task;
      return askPerson({ database }, { orgId, now: clock.now(), runId, requesterId, callId, question, options });
    },
  };
}
