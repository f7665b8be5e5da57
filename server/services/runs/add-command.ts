import type { OrgTx } from '../../db/connect.ts';
import { newId } from '../../db/new-id.ts';

type NewCommand = {
  orgId: string;
  now: Date;
  runId: string;
  kind: 'stop' | 'steer' | 'pause';
  body: { reason?: string; text?: string };
  byUserId: string;
};

/** Writes down what a person wants of a run; its lease holder acknowledges it. The caller holds the run's row lock. */
export async function addCommand(tx: OrgTx, command: NewCommand): Promise<string> {
  const { orgId, now, runId, kind, body, byUserId } = command;
  const last = await tx.command.findFirst({ where: { orgId, runId }, orderBy: { seq: 'desc' } });
  const id = newId('command');
  const seq = (last?.seq ?? 0) + 1;
  await tx.command.create({ data: { orgId, id, runId, seq, kind, body, byUserId, createdAt: now } });
  return id;
}
