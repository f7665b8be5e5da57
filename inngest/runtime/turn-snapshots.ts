import type { AgentPorts } from '../../server/agent/ports.ts';
import type { Sandbox } from '../../server/domain/ports/sandbox.ts';
import type { Claim } from '../../server/services/runs/claim-run.ts';
import type { RunFile } from '../../server/services/runs/read-run-file.ts';
import { sameTree } from './same-tree.ts';
import type { Worker } from './worker.ts';

type Of = { claim: Claim; file: RunFile; room: Pick<Sandbox, 'snapshot' | 'treeState'> };

/**
 * Keeps the work tree of each turn of a run; of one that only reads it is the commit it reads, and where nothing was written
 * since a turn, that turn's.
 */
export function turnSnapshots(worker: Worker, { claim, file, room }: Of): AgentPorts['snapshot'] {
  const { run, role, repo, input } = file;
  const seen = sameTree<Awaited<ReturnType<Worker['codeHost']['snapshot']>>>(room);
  return async (turn) => {
    if (role.contract !== 'build') return { commit: input.start, leftOut: [] };
    const of = { mirror: repo.id, start: input.start, run: run.id, turn, generation: claim.generation };
    try {
      // The run's own time: a state that comes back is the same commit again.
      return await seen(async () => {
        const found = await worker.codeHost.snapshot({ ...of, tree: await room.snapshot(), at: run.createdAt });
        return { found, whole: found.leftOut.length === 0 };
      });
    } catch (error) {
      worker.report(error, `snapshot of turn ${turn} of ${run.id}`);
      return null;
    }
  };
}
