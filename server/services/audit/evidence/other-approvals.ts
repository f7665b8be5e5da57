import type { OrgDb } from '../../../db/connect.ts';
import type { Prisma } from '../../../db/generated/client.ts';
import { approvalSubject, type DefinitionSubject } from '../../../domain/approval/subject.ts';

const include = { votes: true, pipelineRun: { include: { task: true } } } satisfies Prisma.ApprovalInclude;

type Row = Prisma.ApprovalGetPayload<{ include: typeof include }>;
/** `definition`: the version that was approved, of a policy or role; `requesterId` is then its author. */
export type OtherApproval = { row: Row; requesterId: string; definition: DefinitionSubject | null };

type Of = {
  runIds: string[];
  /** Pipeline runs whose approvals are told of elsewhere. */
  without: string[];
  /** Versions of policies and roles that held. */
  versions: { version: number; hash: string }[];
};

const most = 1_000;

/** What runs asked for themselves, of scope or budget, and the approvals of the versions that held for them. */
export async function otherApprovals(
  { db, orgId }: { db: OrgDb; orgId: string },
  { runIds, without, versions }: Of,
): Promise<OtherApproval[]> {
  const ofRuns = await db.approval.findMany({
    where: { orgId, runId: { in: runIds }, pipelineRunId: { notIn: without } },
    orderBy: { createdAt: 'asc' },
    include,
  });
  const approved = await db.approval.findMany({
    where: { orgId, kind: 'definition', status: 'approved' },
    orderBy: { createdAt: 'desc' },
    take: most,
    include,
  });
  const ofVersions = approved.flatMap((row): OtherApproval[] => {
    const definition = approvalSubject.parse(row.subject);
    if (definition.kind !== 'definition') return [];
    const { basedOn, hash, authorId: requesterId } = definition;
    const held = versions.some((each) => each.hash === hash && each.version === basedOn + 1);
    return held ? [{ row, requesterId, definition }] : [];
  });
  const asked = ofRuns.map((row) => ({
    ...{ row, requesterId: row.pipelineRun?.task.requesterId ?? '', definition: null },
  }));
  return [...asked, ...ofVersions];
}
