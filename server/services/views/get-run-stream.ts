import type { OrgDb } from '../../db/connect.ts';
import { AppError } from '../../domain/errors.ts';
import { isRunOver } from '../../domain/runs/run-state.ts';

export type RunStream = {
  orgId: string;
  streamId: string;
  /** The seq of the run's last event where there will be no more of them, else null. */
  lastSeq: number | null;
};

/** Where a run's log is and where it ends. Throws AppError `not_found` where the org has no such run. */
export async function getRunHead(
  { db, orgId }: { db: OrgDb; orgId: string },
  { runId }: { runId: string },
): Promise<{ streamId: string; headSeq: number }> {
  const stream = await db.stream.findUnique({
    where: { orgId_kind_subject: { orgId, kind: 'run', subject: runId } },
    select: { id: true, headSeq: true },
  });
  if (stream === null) throw new AppError('not_found', 'There is no such run in this org.');
  return { streamId: stream.id, headSeq: stream.headSeq };
}

/** Where a run's events are. Throws `not_found` where the org has no such run. */
export async function getRunStream(
  { db, orgId }: { db: OrgDb; orgId: string },
  { runId }: { runId: string },
): Promise<RunStream> {
  const run = await db.run.findUnique({ where: { orgId_id: { orgId, id: runId } }, select: { status: true } });
  const stream = await db.stream.findUnique({
    where: { orgId_kind_subject: { orgId, kind: 'run', subject: runId } },
    select: { id: true, headSeq: true },
  });
  if (run === null || stream === null) throw new AppError('not_found', 'There is no such run in this org.');
  return { orgId, streamId: stream.id, lastSeq: isRunOver(run.status) ? stream.headSeq : null };
}
