import { sealTree } from '../../db/seal-tree.ts';
import { hex, toBase64 } from '../../domain/audit/bytes.ts';
import type { MergeOutcome } from '../../domain/ports/code-host.ts';
import { commitMessage, platformAuthor } from '../../domain/runs/commit-message.ts';
import type { CheckFile } from '../checks/read-check-file.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { nameRequester } from '../runs/name-requester.ts';
import type { Gate } from './read-gate.ts';

type Merging = { file: CheckFile; gate: Gate; target: string };

/** The merge commit on a given target, with who asked, who approved and where the org's audit chain stood. */
export async function computeMerge(context: HostContext, { file, gate, target }: Merging): Promise<MergeOutcome> {
  const { codeHost, database, orgId } = context;
  const { change, attempt, repo } = file;
  const { task } = attempt.pipelineRun;
  const named = (id: string) => nameRequester(database, orgId, id);
  const approvers = await Promise.all(gate.approvedBy.map(named));
  const trailers: [string, string][] = [
    ['Fleet-Task', task.id],
    ['Fleet-Change', change.id],
    ['Requested-by', await named(task.requesterId)],
    ...approvers.map((name): [string, string] => ['Approved-by', name]),
    ...(gate.selfApproved ? [['Self-approved', 'yes'] as [string, string]] : []),
    ...(await auditTrailers(context)),
  ];
  const message = commitMessage({ title: `Merge ${change.branch}: ${task.title}`, text: '', trailers });
  const author = platformAuthor;
  return codeHost.merge({ mirror: repo.id, target, head: gate.head, message, author, at: attempt.startedAt });
}

/**
 * Who keeps the repository keeps a witness of the log: `<seq>:<hash>` of the org's stream, and `<size>:<root> <signature>` of
 * the tree over all streams, signed anew for this merge.
 */
async function auditTrailers({ database, orgId, auditKeys: keys, clock }: HostContext): Promise<[string, string][]> {
  const stream = await database.org(orgId).stream.findUnique({
    where: { orgId_kind_subject: { orgId, kind: 'org', subject: orgId } },
  });
  const head = await sealTree(database, { orgId, keys, now: clock.now() });
  return [
    ['Fleet-Audit-Head', stream ? `${stream.headSeq}:${hex(stream.headHash)}` : 'none'],
    ['Fleet-Audit-Tree', head ? `${head.size}:${hex(head.root)} ${toBase64(head.signature)}` : 'none'],
  ];
}
