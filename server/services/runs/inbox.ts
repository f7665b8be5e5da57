import type { Database } from '../../db/connect.ts';

type OfRun = { orgId: string; runId: string };
export type Steering = { commandId: string; text: string };

/** What people have said to a run's agent that it has not acknowledged, oldest first. */
export async function readInbox({ database }: { database: Database }, { orgId, runId }: OfRun): Promise<Steering[]> {
  const rows = await database.org(orgId).command.findMany({
    where: { orgId, runId, kind: 'steer', acknowledgedAt: null },
    orderBy: { seq: 'asc' },
  });
  return rows.map(({ id, body }) => ({ commandId: id, text: (body as { text?: string }).text ?? '' }));
}

/** Marks messages as delivered: they are in the run's log. */
export async function acknowledge(
  { database }: { database: Database },
  { orgId, now, commandIds }: { orgId: string; now: Date; commandIds: string[] },
): Promise<void> {
  await database.org(orgId).command.updateMany({
    where: { orgId, id: { in: commandIds }, acknowledgedAt: null },
    data: { acknowledgedAt: now },
  });
}
