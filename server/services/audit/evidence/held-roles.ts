import type { OrgDb } from '../../../db/connect.ts';
import type { Prisma } from '../../../db/generated/client.ts';
import { readSettings } from '../../../domain/agents/agent-settings.ts';

type Which = {
  id: string;
  agentId: string;
  roleVersion: { id: string; roleId: string };
  createdAt: Date;
  endedAt: Date | null;
};

type RoleRow = Prisma.RoleVersionGetPayload<{ include: { role: true } }>;
/** `toldSeq`: the event of the run that names it, where there is one. */
export type HeldRole = { row: RoleRow; toldSeq: number | null };

type Where = { db: OrgDb; orgId: string };

/**
 * The versions of its role that held while a run was there: the one that it began with, then each that its agent would have got
 * until it ended. What one refuses more reaches the run at its next action, whether or not its log has come to say so.
 */
export async function rolesOf(
  { db, orgId }: Where,
  { run, toldSeq }: { run: Which; toldSeq: ReadonlyMap<string, number> },
): Promise<HeldRole[]> {
  const { roleId, id: begun } = run.roleVersion;
  const until = run.endedAt === null ? {} : { createdAt: { lte: run.endedAt } };
  const named = { id: { in: [begun, ...toldSeq.keys()] } };
  const versions = await db.roleVersion.findMany({
    where: { orgId, roleId, ...(run.endedAt !== null && { OR: [named, until] }) },
    orderBy: { version: 'asc' },
    include: { role: true },
  });
  const revisions = await db.agentRevision.findMany({
    where: { orgId, agentId: run.agentId, ...until },
    orderBy: { number: 'asc' },
  });
  /** The version that the agent would get at that time: the one that it is kept at, or the newest. */
  const at = (time: Date) => {
    const revision = revisions.findLast(({ createdAt }) => createdAt <= time);
    const kept = revision ? readSettings(revision.body).roleVersion : null;
    if (kept !== null) return versions.find(({ version }) => version === kept);
    return versions.findLast(({ createdAt }) => createdAt <= time);
  };
  const moments = [...versions, ...revisions].map(({ createdAt }) => createdAt);
  const meanwhile = moments.filter((time) => time > run.createdAt && (run.endedAt === null || time <= run.endedAt));
  const held = new Set([begun, ...[run.createdAt, ...meanwhile].map((time) => at(time)?.id)]);
  return versions
    .filter(({ id }) => held.has(id) || toldSeq.has(id))
    .map((row) => ({ row, toldSeq: toldSeq.get(row.id) ?? null }));
}
