import { orgEvents } from '../events/org-events.ts';
import type { OrgEventKind, OrgEventPayload } from '../events/org-events.ts';
import type { ExportedLine } from './exported-log.ts';

/** A commit of a repo's default branch, as git has it. */
export type BranchCommit = { commit: string; at: string; subject: string };

export type Covered = BranchCommit & {
  evidence: 'complete' | 'partial' | 'none';
  /** What the log does not have of it; empty where it is complete. */
  lacks: string[];
};

type Merged = { changeId: string; head: string };

/** Gathers from a log what it knows of merges, to be held against the commits that git has. */
export function coverageCollector() {
  const merged = new Map<string, Merged>();
  const passed = new Set<string>();
  const pipelineRuns = new Map<string, string>();
  const asked = new Map<string, string>();
  const approved = new Set<string>();
  const readers: { [K in OrgEventKind]?: (payload: OrgEventPayload<K>) => void } = {
    'change.opened': ({ changeId, pipelineRunId }) => void pipelineRuns.set(changeId, pipelineRunId),
    'change.merged': ({ merged: commit, changeId, head }) => void merged.set(commit, { changeId, head }),
    'check.finished': ({ changeId, commit, verdict }) =>
      void (verdict === 'passed' && passed.add(`${changeId} ${commit}`)),
    'approval.requested': ({ approvalId, approvalKind, pipelineRunId }) =>
      void (approvalKind === 'merge' && pipelineRunId !== null && asked.set(approvalId, pipelineRunId)),
    'approval.decided': ({ approvalId, verdict }) => {
      const pipelineRunId = asked.get(approvalId);
      if (pipelineRunId !== undefined && verdict === 'approved') approved.add(pipelineRunId);
    },
  };
  return {
    take(line: ExportedLine): void {
      if (line.type !== 'event' || !Object.hasOwn(readers, line.kind)) return;
      const kind = line.kind as OrgEventKind;
      const payload = orgEvents[kind].safeParse(JSON.parse(line.payload));
      if (payload.success) (readers[kind] as (payload: unknown) => void)(payload.data);
    },
    /** In the order given. */
    cover: (commits: BranchCommit[]): Covered[] =>
      commits.map((commit) => {
        const merge = merged.get(commit.commit);
        if (!merge) return { ...commit, evidence: 'none', lacks: ['its merge by Fleet'] };
        const run = pipelineRuns.get(merge.changeId);
        const lacks = [
          ...(passed.has(`${merge.changeId} ${merge.head}`) ? [] : ['a passed check of what was merged']),
          ...(run !== undefined && approved.has(run) ? [] : ["a person's approval of the merge"]),
        ];
        return { ...commit, evidence: lacks.length === 0 ? 'complete' : 'partial', lacks };
      }),
  };
}
