import type { MergeOutcome } from '../../domain/ports/code-host.ts';
import { commitMessage, platformAuthor } from '../../domain/runs/commit-message.ts';
import type { CheckFile } from '../checks/read-check-file.ts';
import type { HostContext } from '../pipeline/work-context.ts';
import { personOf } from '../runs/build-commit.ts';
import type { Gate } from './read-gate.ts';

type Merging = { file: CheckFile; gate: Gate; target: string };

/** The merge commit on a given target, with who asked, who approved and where the org's audit chain stood. */
export async function computeMerge(context: HostContext, { file, gate, target }: Merging): Promise<MergeOutcome> {
  const { codeHost, database } = context;
  const { change, attempt, repo } = file;
  const { task } = attempt.pipelineRun;
  const people = await database.system.user.findMany({ where: { id: { in: [task.requesterId, ...gate.approvedBy] } } });
  const named = (userId: string) => personOf(people.find(({ id }) => id === userId) ?? null);
  const trailers: [string, string][] = [
    ['Fleet-Task', task.id],
    ['Fleet-Change', change.id],
    ['Requested-by', named(task.requesterId)],
    ...gate.approvedBy.map((id): [string, string] => ['Approved-by', named(id)]),
    ...(gate.selfApproved ? [['Self-approved', 'yes'] as [string, string]] : []),
    ['Fleet-Audit-Head', await auditHead(context)],
  ];
  const message = commitMessage({ title: `Merge ${change.branch}: ${task.title}`, text: '', trailers });
  const author = platformAuthor;
  return codeHost.merge({ mirror: repo.id, target, head: gate.head, message, author, at: attempt.startedAt });
}

/** `<seq>:<hash>` of the org's stream: who keeps the repository keeps a witness of the log. */
async function auditHead({ database, orgId }: HostContext): Promise<string> {
  const stream = await database.org(orgId).stream.findUnique({
    where: { orgId_kind_subject: { orgId, kind: 'org', subject: orgId } },
  });
  return stream ? `${stream.headSeq}:${Buffer.from(stream.headHash).toString('hex')}` : 'none';
}
