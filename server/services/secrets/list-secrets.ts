import type { OrgDb } from '../../db/connect.ts';
import type { SecretView } from '../../domain/views/secret-views.ts';

/** An org's secrets by name: all but what is secret of them. */
export async function listSecrets({ db, orgId }: { db: OrgDb; orgId: string }): Promise<SecretView[]> {
  const rows = await db.networkSecret.findMany({
    where: { orgId },
    include: { repo: { select: { name: true } } },
    omit: { ciphertext: true, nonce: true },
    orderBy: { name: 'asc' },
  });
  return rows.map(({ id, name, places, header, inSetUp, inRuns, repoId, repo, updatedAt }) => ({
    ...{ id, name, places, header, inSetUp, inRuns, repoId },
    repoName: repo?.name ?? null,
    updatedAt: updatedAt.toISOString(),
  }));
}
