import { ownClasses, type OwnClasses } from '../domain/scope/own-classes.ts';
import type { OrgDb, OrgTx } from './connect.ts';

export type RepoClasses = { id: string; version: number; classes: OwnClasses; authorId: string; createdAt: Date };

/** The classes that people have confirmed for a repo, the newest or as of a time; null where nobody has. */
export async function readRepoClasses(
  db: OrgDb | OrgTx,
  { orgId, repoId, asOf }: { orgId: string; repoId: string; asOf?: Date },
): Promise<RepoClasses | null> {
  const row = await db.repoClasses.findFirst({
    where: { orgId, repoId, ...(asOf && { createdAt: { lte: asOf } }) },
    orderBy: { version: 'desc' },
  });
  if (!row) return null;
  const { id, version, body, authorId, createdAt } = row;
  return { id, version, classes: ownClasses.parse(body), authorId, createdAt };
}
