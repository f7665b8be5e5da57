import type { OrgDb } from '../../../db/connect.ts';
import type { Verdict } from '../../../domain/policy/verdict.ts';
import type { AccessVerdict } from '../../../domain/views/access-view.ts';

/** Puts verdicts as pages show them: policy versions by their number. */
export async function verdictView({
  db,
  orgId,
}: {
  db: OrgDb;
  orgId: string;
}): Promise<(verdict: Verdict) => AccessVerdict> {
  const rows = await db.policyVersion.findMany({ where: { orgId }, select: { id: true, version: true } });
  const numbers = new Map(rows.map(({ id, version }) => [id, version]));
  return ({ version, ...verdict }) => ({ ...verdict, version: numbers.get(version ?? '') ?? null });
}
