import type { OrgDb } from '../../../db/connect.ts';
import type { PolicyVersion } from '../../../db/generated/client.ts';
import { readPolicyHeads } from '../../../db/policy-heads.ts';
import { readEventsOfKinds } from '../../../db/read-events.ts';

type Which = {
  run: { id: string; policyVersionId: string; createdAt: Date; endedAt: Date | null };
  repoId: string;
  toldSeq: ReadonlyMap<string, number>;
};

/** `toldSeq`: the event of the run that names it, where there is one. */
export type HeldVersion = { row: PolicyVersion; toldSeq: number | null };

const mostTold = 1_000;

/**
 * The policy versions that held while a run was there, the org's and the repo's: those that it began with, then each that was
 * saved until it ended. A tightening reaches a run at its next action, whether or not its log has come to say so.
 */
export async function policiesOf(
  { db, orgId }: { db: OrgDb; orgId: string },
  { run, repoId, toldSeq }: Which,
): Promise<HeldVersion[]> {
  const { repo } = await readPolicyHeads(db, { orgId, repoId, asOf: run.createdAt });
  const layers = [
    { layer: 'org', target: orgId },
    { layer: 'repo', target: repoId },
  ];
  const meanwhile = { gt: run.createdAt, ...(run.endedAt && { lte: run.endedAt }) };
  const begun = [run.policyVersionId, ...(repo === null ? [] : [repo])];
  const named = [...begun, ...toldSeq.keys()];
  const rows = await db.policyVersion.findMany({
    where: { orgId, OR: [{ id: { in: named } }, { OR: layers, createdAt: meanwhile }] },
    orderBy: [{ createdAt: 'asc' }, { version: 'asc' }],
  });
  const first = rows.filter(({ id }) => begun.includes(id));
  const later = rows.filter(({ id }) => !begun.includes(id));
  return [...first, ...later].map((row) => ({ row, toldSeq: toldSeq.get(row.id) ?? null }));
}

/** Which versions of policies and of its role the run's log names, and where first. */
export async function toldTo(db: OrgDb, runId: string): Promise<Map<string, number>> {
  const kinds = ['policy.changed'];
  const events = await readEventsOfKinds(db, { runId, kinds, lastOf: [], limit: mostTold });
  const seqs = new Map<string, number>();
  for (const event of events) {
    if (event.kind !== 'policy.changed') continue;
    const { org, repo, role = null } = event.payload;
    for (const id of [org, repo, role]) if (id !== null && !seqs.has(id)) seqs.set(id, event.seq);
  }
  return seqs;
}
